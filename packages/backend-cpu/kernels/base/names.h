// The numbers by which src/kernels names things. Written by scripts/names.mjs.
#pragma once

#define SINAPSE_ABI 1

enum DType : int { FLOAT32, INT32, UINT8, BOOL };
enum Activation : int { LINEAR, RELU, LEAKY_RELU, SIGMOID, TANH };
enum class UnaryOp : int { NEG, ABS, SIGN, FLOOR, CEIL, ROUND, EXP, EXPM1, LOG, LOG1P, SQRT, SIN, COS, TANH, SIGMOID, ERF, ERFC, NOT, IS_NAN };
enum class BinaryOp : int { ADD, SUB, MUL, DIV, MOD, POW, MAX, MIN, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR, XOR };
enum ReduceOp : int { REDUCE_SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN };
enum class StepOp : unsigned short { COPY, ADD, SUB, SUB_FROM, MUL, DIV, DIV_INTO, MAX, MAX_WITH, MIN, MIN_WITH, NEG, ABS, SQRT, COPY_BYTES, UNARY, BINARY, POW_NUMBER, SELECT, CAST };
