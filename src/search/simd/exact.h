// Exact search: products in float32 find who may be among the best, the product's own similarity decides.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "gallery.h"

// Gallery rows whose scores are looked through at a time: with QUERY_ROWS queries 256 KiB.
constexpr uint32_t ROWS_PER_TILE = 1024;

struct Candidate {
  float similarity;
  uint32_t row;
};

inline bool comes_first(const Candidate &a, const Candidate &b) {
  return a.similarity > b.similarity || (a.similarity == b.similarity && a.row < b.row);
}

// How far a product in float32 may lie from the similarity: each of the stride/4 + 4 additions and the product round by
// at most 2^-24 of what was summed, which is at most 1 (Higham 2002, 3.1); some more for the final rounding, and for rows
// whose length is 1 within a thousandth.
inline float rounding(uint32_t stride) { return 1.01f * (stride / 4 + 8) / 16777216.0f; }

// The rows of one query that may be among its k best.
class Shortlist {
 public:
  void start(uint32_t k, float margin) {
    k_ = k;
    margin_ = margin;
    threshold_ = -std::numeric_limits<float>::infinity();
    found_.clear();
    room_ = 2 * k + 256;
  }

  // Of `count` rows from `first` on.
  void look_through(const float *scores, uint32_t first, uint32_t count) {
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
      const v128_t reached = wasm_f32x4_ge(wasm_v128_load(scores + i), wasm_f32x4_splat(threshold_));
      if (!wasm_v128_any_true(reached)) continue;
      for (uint32_t lane = i; lane < i + 4; lane++) offer(scores[lane], first + lane);
    }
    for (; i < count; i++) offer(scores[i], first + i);
  }

  // The k best by their similarities, in order; ties by gallery order.
  const std::vector<Candidate> &finish(const Gallery &gallery, const float *query) {
    shorten();
    for (Candidate &candidate : found_) {
      candidate.similarity = exact_dot(query, gallery.row(candidate.row), gallery.dimensions);
    }
    const size_t kept = std::min<size_t>(k_, found_.size());
    std::partial_sort(found_.begin(), found_.begin() + kept, found_.end(), comes_first);
    found_.resize(kept);
    return found_;
  }

 private:
  uint32_t k_ = 0;
  float margin_ = 0;
  float threshold_ = 0;
  size_t room_ = 0;
  std::vector<Candidate> found_;

  void offer(float score, uint32_t row) {
    if (score < threshold_) return;
    if (found_.size() >= room_) {
      shorten();
      // Many lie too close to be told apart: they all stay.
      room_ = std::max(room_, 2 * found_.size());
      if (score < threshold_) return;
    }
    found_.push_back({score, row});
  }

  // k rows have a similarity of at least the k-th best score less the rounding; who has that too may score less by as
  // much again.
  void shorten() {
    if (found_.size() <= k_) return;
    std::nth_element(found_.begin(), found_.begin() + (k_ - 1), found_.end(), comes_first);
    threshold_ = found_[k_ - 1].similarity - 2 * margin_;
    const float threshold = threshold_;
    found_.erase(std::remove_if(found_.begin(), found_.end(),
                                [threshold](const Candidate &c) { return c.similarity < threshold; }),
                 found_.end());
  }
};

// Two queries with four rows: eight sums and six operands fit the sixteen registers of x64.
inline void two_by_four(const float *q, const float *g, uint32_t stride, float *out, uint32_t out_stride) {
  v128_t s00 = wasm_f32x4_splat(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
  const float *q1 = q + stride, *g1 = g + stride, *g2 = g1 + stride, *g3 = g2 + stride;
  for (uint32_t i = 0; i < stride; i += 4) {
    const v128_t a = wasm_v128_load(q + i), b = wasm_v128_load(q1 + i);
    v128_t w = wasm_v128_load(g + i);
    s00 = wasm_f32x4_add(s00, wasm_f32x4_mul(a, w));
    s10 = wasm_f32x4_add(s10, wasm_f32x4_mul(b, w));
    w = wasm_v128_load(g1 + i);
    s01 = wasm_f32x4_add(s01, wasm_f32x4_mul(a, w));
    s11 = wasm_f32x4_add(s11, wasm_f32x4_mul(b, w));
    w = wasm_v128_load(g2 + i);
    s02 = wasm_f32x4_add(s02, wasm_f32x4_mul(a, w));
    s12 = wasm_f32x4_add(s12, wasm_f32x4_mul(b, w));
    w = wasm_v128_load(g3 + i);
    s03 = wasm_f32x4_add(s03, wasm_f32x4_mul(a, w));
    s13 = wasm_f32x4_add(s13, wasm_f32x4_mul(b, w));
  }
  out[0] = sum_of_lanes(s00);
  out[1] = sum_of_lanes(s01);
  out[2] = sum_of_lanes(s02);
  out[3] = sum_of_lanes(s03);
  out += out_stride;
  out[0] = sum_of_lanes(s10);
  out[1] = sum_of_lanes(s11);
  out[2] = sum_of_lanes(s12);
  out[3] = sum_of_lanes(s13);
}

inline void one_by_four(const float *q, const float *g, uint32_t stride, float *out) {
  for (uint32_t i = 0; i < 4; i++) out[i] = fast_dot(q, g + i * stride, stride);
}

// Scores of the first `queries` queries with the rows first … first + count, into [queries, ROWS_PER_TILE].
inline void score_tile(const Gallery &gallery, uint32_t queries, uint32_t first, uint32_t count, float *scores) {
  const uint32_t stride = gallery.stride;
  uint32_t row = 0;
  for (; row + 4 <= count; row += 4) {
    const float *g = gallery.row(first + row);
    uint32_t query = 0;
    for (; query + 2 <= queries; query += 2) {
      two_by_four(gallery.query(query), g, stride, scores + query * ROWS_PER_TILE + row, ROWS_PER_TILE);
    }
    if (query < queries) one_by_four(gallery.query(query), g, stride, scores + query * ROWS_PER_TILE + row);
  }
  for (; row < count; row++) {
    for (uint32_t query = 0; query < queries; query++) {
      scores[query * ROWS_PER_TILE + row] = fast_dot(gallery.query(query), gallery.row(first + row), stride);
    }
  }
}
