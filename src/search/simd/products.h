// Similarities of many queries with all rows, bit-identical to exact_dot's: every lane sums one pair in float64.
#pragma once

#include <algorithm>

#include "gallery.h"

constexpr uint32_t ROWS_IN_PRODUCT = 4;
constexpr uint32_t QUERIES_IN_PRODUCT = 4;

// Room for QUERY_ROWS queries and four rows in float64.
inline size_t product_room(uint32_t stride) {
  return static_cast<size_t>(QUERY_ROWS + ROWS_IN_PRODUCT) * stride * sizeof(double);
}

inline void widen_queries(const Gallery &gallery, uint32_t queries, double *wide) {
  for (uint32_t query = 0; query < queries; query++) {
    const float *from = gallery.query(query);
    for (uint32_t i = 0; i < gallery.stride; i++) *wide++ = from[i];
  }
}

// Up to four rows, dimension by dimension; what is missing is zero.
inline void widen_rows(const Gallery &gallery, uint32_t first, uint32_t count, double *wide) {
  for (uint32_t row = 0; row < ROWS_IN_PRODUCT; row++) {
    const float *from = gallery.row(first + row);
    for (uint32_t i = 0; i < gallery.stride; i++) wide[i * ROWS_IN_PRODUCT + row] = row < count ? from[i] : 0;
  }
}

inline void multiply_wide(const double *queries, const double *rows, uint32_t stride, uint32_t dimensions,
                          double out[QUERIES_IN_PRODUCT][ROWS_IN_PRODUCT]) {
  v128_t low[QUERIES_IN_PRODUCT], high[QUERIES_IN_PRODUCT];
  for (uint32_t query = 0; query < QUERIES_IN_PRODUCT; query++) low[query] = high[query] = wasm_f64x2_splat(0);
  for (uint32_t i = 0; i < dimensions; i++) {
    const v128_t first = wasm_v128_load(rows + i * ROWS_IN_PRODUCT);
    const v128_t second = wasm_v128_load(rows + i * ROWS_IN_PRODUCT + 2);
#pragma unroll
    for (uint32_t query = 0; query < QUERIES_IN_PRODUCT; query++) {
      const v128_t number = wasm_v128_load64_splat(queries + query * stride + i);
      low[query] = wasm_f64x2_add(low[query], wasm_f64x2_mul(number, first));
      high[query] = wasm_f64x2_add(high[query], wasm_f64x2_mul(number, second));
    }
  }
  for (uint32_t query = 0; query < QUERIES_IN_PRODUCT; query++) {
    wasm_v128_store(out[query], low[query]);
    wasm_v128_store(out[query] + 2, high[query]);
  }
}

constexpr uint32_t ROWS_BESIDE = 8;

// Adds four dimensions of rows a and b to their sums, from one to the next.
inline v128_t add_four(v128_t sums, v128_t a, v128_t b, const v128_t numbers[4]) {
  const v128_t first = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), last = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7);
  sums = wasm_f64x2_add(sums, wasm_f64x2_mul(numbers[0], wasm_f64x2_promote_low_f32x4(first)));
  sums = wasm_f64x2_add(sums, wasm_f64x2_mul(numbers[1], wasm_f64x2_promote_low_f32x4(wasm_i64x2_shuffle(first, first, 1, 1))));
  sums = wasm_f64x2_add(sums, wasm_f64x2_mul(numbers[2], wasm_f64x2_promote_low_f32x4(last)));
  return wasm_f64x2_add(sums, wasm_f64x2_mul(numbers[3], wasm_f64x2_promote_low_f32x4(wasm_i64x2_shuffle(last, last, 1, 1))));
}

// One query with all rows, into out [rows]: its rows are read once, where multiply_wide would copy them for a fourth of its
// work. What fills a row up is zero, and adds nothing. `wide` has room for the query in float64.
inline void products_of_one(const Gallery &gallery, uint32_t query, double *wide, float *out) {
  const float *asked = gallery.query(query);
  const uint32_t stride = gallery.stride;
  for (uint32_t i = 0; i < stride; i++) wide[i] = asked[i];
  uint32_t row = 0;
  for (; row + ROWS_BESIDE <= gallery.rows; row += ROWS_BESIDE) {
    const float *rows = gallery.row(row);
    v128_t sums[ROWS_BESIDE / 2];
    for (v128_t &sum : sums) sum = wasm_f64x2_splat(0);
    for (uint32_t i = 0; i < stride; i += 4) {
      v128_t numbers[4];
#pragma unroll
      for (uint32_t j = 0; j < 4; j++) numbers[j] = wasm_v128_load64_splat(wide + i + j);
#pragma unroll
      for (uint32_t pair = 0; pair < ROWS_BESIDE / 2; pair++) {
        const float *a = rows + 2 * pair * stride + i;
        sums[pair] = add_four(sums[pair], wasm_v128_load(a), wasm_v128_load(a + stride), numbers);
      }
    }
    for (uint32_t pair = 0; pair < ROWS_BESIDE / 2; pair++) {
      *out++ = static_cast<float>(wasm_f64x2_extract_lane(sums[pair], 0));
      *out++ = static_cast<float>(wasm_f64x2_extract_lane(sums[pair], 1));
    }
  }
  for (; row < gallery.rows; row++) *out++ = exact_dot(asked, gallery.row(row), gallery.dimensions);
}

// Into out [queries, rows]. `room` is that of product_room; queries ≤ QUERY_ROWS, rounded up to four inside it.
inline void all_products(const Gallery &gallery, uint32_t queries, double *room, float *out) {
  if (queries < QUERIES_IN_PRODUCT) {
    for (uint32_t query = 0; query < queries; query++) {
      products_of_one(gallery, query, room, out + static_cast<size_t>(query) * gallery.rows);
    }
    return;
  }
  double *wide_queries = room;
  double *wide_rows = room + static_cast<size_t>(QUERY_ROWS) * gallery.stride;
  widen_queries(gallery, queries, wide_queries);
  double products[QUERIES_IN_PRODUCT][ROWS_IN_PRODUCT];
  for (uint32_t first = 0; first < gallery.rows; first += ROWS_IN_PRODUCT) {
    const uint32_t count = std::min(ROWS_IN_PRODUCT, gallery.rows - first);
    widen_rows(gallery, first, count, wide_rows);
    for (uint32_t query = 0; query < queries; query += QUERIES_IN_PRODUCT) {
      multiply_wide(wide_queries + static_cast<size_t>(query) * gallery.stride, wide_rows, gallery.stride,
                    gallery.dimensions, products);
      const uint32_t last = std::min(query + QUERIES_IN_PRODUCT, queries);
      for (uint32_t q = query; q < last; q++) {
        for (uint32_t row = 0; row < count; row++) {
          out[static_cast<size_t>(q) * gallery.rows + first + row] = static_cast<float>(products[q - query][row]);
        }
      }
    }
  }
}
