// A gallery's vectors in WASM memory, and inner products over them.
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wasm_simd128.h>

// Rows are padded with zeros to a multiple of this: the kernels then have no tail.
constexpr uint32_t ALIGNED_NUMBERS = 16;
// Queries that are worked on at a time: these numbers (128 KiB at 512 dimensions) stay in the L2 cache.
constexpr uint32_t QUERY_ROWS = 64;

struct Gallery {
  uint32_t rows = 0;
  uint32_t dimensions = 0;
  uint32_t stride = 0;
  // [rows + QUERY_ROWS, stride]: the queries lie behind the gallery, so that a row's number names either.
  float *vectors = nullptr;

  const float *row(uint32_t index) const { return vectors + static_cast<size_t>(index) * stride; }
  const float *query(uint32_t index) const { return row(rows + index); }
};

inline float sum_of_lanes(v128_t sum) {
  sum = wasm_f32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 2, 3, 0, 1));
  sum = wasm_f32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(sum, 0);
}

// In float32; four sums hide the latency of the additions.
inline float fast_dot(const float *a, const float *b, uint32_t stride) {
  v128_t s0 = wasm_f32x4_splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (uint32_t i = 0; i < stride; i += 16) {
    s0 = wasm_f32x4_add(s0, wasm_f32x4_mul(wasm_v128_load(a + i), wasm_v128_load(b + i)));
    s1 = wasm_f32x4_add(s1, wasm_f32x4_mul(wasm_v128_load(a + i + 4), wasm_v128_load(b + i + 4)));
    s2 = wasm_f32x4_add(s2, wasm_f32x4_mul(wasm_v128_load(a + i + 8), wasm_v128_load(b + i + 8)));
    s3 = wasm_f32x4_add(s3, wasm_f32x4_mul(wasm_v128_load(a + i + 12), wasm_v128_load(b + i + 12)));
  }
  return sum_of_lanes(wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3)));
}

// The product's one definition of a similarity (math/similarity.ts): summed in float64 in the order of the dimensions.
inline float exact_dot(const float *a, const float *b, uint32_t dimensions) {
  double sum = 0;
  for (uint32_t i = 0; i < dimensions; i++) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return static_cast<float>(sum);
}
