// Values of JavaScript, checked as they are read: an addon's functions may be called with anything.
#pragma once
#include "base/types.h"
#include <new>
#include <node_api.h>

/** What a caller did wrong; the function that was called throws it as a TypeError. */
struct Mistake {
  const char *message;
};

inline void require(bool right, const char *message) {
  if (!right) throw Mistake{message};
}

/** For calls of Node-API that fail only in a dying process, or where the host forbids what they do. */
inline void require_ok(napi_status status) { require(status == napi_ok, "Node-API refused a call of the addon"); }

/** The code of the error that is thrown where memory is refused. */
constexpr const char *OUT_OF_MEMORY = "SINAPSE_OUT_OF_MEMORY";

inline napi_value fail(napi_env env, const char *message, const char *code = nullptr) {
  napi_throw_error(env, code, message);
  return nullptr;
}

/** The arguments of a call, and what its function was made with. */
struct Call {
  static constexpr size_t MOST = 4;
  napi_env env;
  size_t count = MOST;
  napi_value arguments[MOST];
  void *data = nullptr;

  Call(napi_env env, napi_callback_info info) : env(env) { require_ok(napi_get_cb_info(env, info, &count, arguments, nullptr, &data)); }
};

/** A function of JavaScript with `COUNT` arguments. */
template <size_t COUNT, napi_value (*BODY)(const Call &)> napi_value function(napi_env env, napi_callback_info info) {
  static_assert(COUNT < Call::MOST);
  try {
    const Call call(env, info);
    require(call.count == COUNT, "a function of the addon got another number of arguments than it takes");
    return BODY(call);
  } catch (const Mistake &mistake) {
    napi_throw_type_error(env, "SINAPSE_ADDON", mistake.message);
  } catch (const std::bad_alloc &) {
    fail(env, "the system gives no memory", OUT_OF_MEMORY);
  }
  return nullptr;
}

inline void set(napi_env env, napi_value object, const char *name, napi_callback callback, void *data = nullptr) {
  napi_value function;
  require_ok(napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, data, &function));
  require_ok(napi_set_named_property(env, object, name, function));
}

inline napi_value to_number(napi_env env, f64 value) {
  napi_value result;
  require_ok(napi_create_double(env, value, &result));
  return result;
}

inline f64 number(const Call &call, int index) {
  f64 result = 0;
  require(napi_get_value_double(call.env, call.arguments[index], &result) == napi_ok, "the addon expected a number");
  return result;
}

/** An address or a number of bytes: an integer from 0 to 2^53. */
inline size_t whole(const Call &call, int index) {
  const f64 value = number(call, index);
  require(value >= 0 && value <= 9007199254740992.0 && value == static_cast<f64>(static_cast<size_t>(value)),
          "the addon expected an address or a number of bytes");
  return static_cast<size_t>(value);
}

/** The bytes of a typed array, by what the JavaScript engine knows of it; properties of the object do not count. */
struct Bytes {
  u8 *start;
  size_t length;
};

inline Bytes bytes_of(const Call &call, int index) {
  napi_typedarray_type type;
  size_t elements;
  void *data;
  bool is_typed_array = false;
  require(napi_is_typedarray(call.env, call.arguments[index], &is_typed_array) == napi_ok && is_typed_array, "the addon expected a typed array");
  require_ok(napi_get_typedarray_info(call.env, call.arguments[index], &type, &elements, &data, nullptr, nullptr));
  switch (type) {
  case napi_int8_array:
  case napi_uint8_array:
  case napi_uint8_clamped_array: return {static_cast<u8 *>(data), elements};
  case napi_int16_array:
  case napi_uint16_array: return {static_cast<u8 *>(data), elements * 2};
  case napi_int32_array:
  case napi_uint32_array:
  case napi_float32_array: return {static_cast<u8 *>(data), elements * 4};
  case napi_float64_array:
  case napi_bigint64_array:
  case napi_biguint64_array: return {static_cast<u8 *>(data), elements * 8};
  default: throw Mistake{"the addon does not know this kind of typed array"};
  }
}
