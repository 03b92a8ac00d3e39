// The kernels of convolutions.
#pragma once
#include "convolution/filter_gradient.h"
#include "convolution/forward.h"
#include "convolution/input_gradient.h"

#define CONVOLUTION_KERNELS(KERNEL)                                                                                                      \
  KERNEL(conv2d_pack) KERNEL(conv2d) KERNEL(conv2d_input_pack) KERNEL(conv2d_input_gradient) KERNEL(conv2d_filter_gradient)
