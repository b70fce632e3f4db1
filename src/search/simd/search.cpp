// What the search worker calls (kernel.ts). One instance of the module holds one gallery.
#include <hnswlib/hnswlib.h>

#include "exact.h"
#include "gallery.h"
#include "graph_file.h"
#include "products.h"

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace {

Gallery gallery;
Shortlist shortlists[QUERY_ROWS];
float scores[QUERY_ROWS * ROWS_PER_TILE];
double *product_rows = nullptr;

// A point of the graph is the number of a row: vectors are stored once, for the graph and for exact search.
float distance(const void *a, const void *b, const void *) {
  const uint32_t row_a = *static_cast<const uint32_t *>(a);
  const uint32_t row_b = *static_cast<const uint32_t *>(b);
  return 1.0f - fast_dot(gallery.row(row_a), gallery.row(row_b), gallery.stride);
}

class RowSpace : public hnswlib::SpaceInterface<float> {
 public:
  size_t get_data_size() override { return sizeof(uint32_t); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void *get_dist_func_param() override { return nullptr; }
};

// hnswlib itself goes no further.
constexpr uint32_t MOST_LINKS = 10000;

RowSpace space;

}  // namespace

EXPORT(take) void *take(uint32_t bytes) { return malloc(bytes); }
EXPORT(give) void give(void *memory) { free(memory); }

// Room for a gallery and a block of queries behind it, all zero; 0 where there is none.
EXPORT(gallery_open) float *gallery_open(uint32_t rows, uint32_t dimensions) {
  const uint32_t stride = (dimensions + ALIGNED_NUMBERS - 1) / ALIGNED_NUMBERS * ALIGNED_NUMBERS;
  const uint64_t bytes = (static_cast<uint64_t>(rows) + QUERY_ROWS) * stride * sizeof(float);
  if (bytes >= UINT32_MAX) return nullptr;
  float *vectors = static_cast<float *>(aligned_alloc(16, static_cast<size_t>(bytes)));
  product_rows = static_cast<double *>(aligned_alloc(16, product_room(stride)));
  if (!vectors || !product_rows) return nullptr;
  memset(vectors, 0, static_cast<size_t>(bytes));
  gallery.rows = rows;
  gallery.dimensions = dimensions;
  gallery.stride = stride;
  gallery.vectors = vectors;
  return vectors;
}

EXPORT(gallery_stride) uint32_t gallery_stride() { return gallery.stride; }
EXPORT(query_rows) uint32_t query_rows() { return QUERY_ROWS; }

// The k best rows of each of the first `queries` queries into [queries, k]; k may not exceed the gallery's rows.
EXPORT(exact_search) void exact_search(uint32_t queries, uint32_t k, uint32_t *rows, float *similarities) {
  const float margin = rounding(gallery.stride);
  for (uint32_t query = 0; query < queries; query++) shortlists[query].start(k, margin);
  for (uint32_t first = 0; first < gallery.rows; first += ROWS_PER_TILE) {
    const uint32_t count = std::min(ROWS_PER_TILE, gallery.rows - first);
    score_tile(gallery, queries, first, count, scores);
    for (uint32_t query = 0; query < queries; query++) {
      shortlists[query].look_through(scores + query * ROWS_PER_TILE, first, count);
    }
  }
  for (uint32_t query = 0; query < queries; query++) {
    for (const Candidate &candidate : shortlists[query].finish(gallery, gallery.query(query))) {
      *rows++ = candidate.row;
      *similarities++ = candidate.similarity;
    }
  }
}

// The similarities of the first `queries` queries with every row, into [queries, rows].
EXPORT(exact_products) void exact_products(uint32_t queries, float *similarities) {
  all_products(gallery, queries, product_rows, similarities);
}

// An empty graph with room for `points`; 0 where the memory does not suffice.
EXPORT(graph_open) Graph *graph_open(uint32_t points, uint32_t m, uint32_t ef_construction, uint32_t seed) {
  // hnswlib ends the program where it gets no memory in the middle of building, so it is asked for here: links, lock,
  // label, level and place in the tables of each point; a fifteenth of them has links on the levels above.
  const uint64_t need = (1 << 22) + static_cast<uint64_t>(points) * (12 * static_cast<uint64_t>(m) + 128);
  if (m > MOST_LINKS || need >= UINT32_MAX) return nullptr;
  void *room = malloc(static_cast<size_t>(need));
  if (!room) return nullptr;
  free(room);
  return new Graph(&space, points, m, ef_construction, seed);
}

EXPORT(graph_close) void graph_close(Graph *graph) { delete graph; }

EXPORT(graph_add) void graph_add(Graph *graph, const uint32_t *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) graph->addPoint(rows + i, rows[i]);
}

// About k rows of each of the first `queries` queries into [queries, k], best first; how many were found into found[].
EXPORT(graph_search) void graph_search(Graph *graph, uint32_t queries, uint32_t k, uint32_t ef, uint32_t *rows,
                                       float *similarities, uint32_t *found) {
  graph->setEf(ef);
  for (uint32_t query = 0; query < queries; query++) {
    const uint32_t point = gallery.rows + query;
    auto nearest = graph->searchKnn(&point, k);
    uint32_t at = nearest.size();
    found[query] = at;
    while (!nearest.empty()) {
      at--;
      const uint32_t row = nearest.top().second;
      rows[query * k + at] = row;
      similarities[query * k + at] = exact_dot(gallery.query(query), gallery.row(row), gallery.dimensions);
      nearest.pop();
    }
  }
}

EXPORT(graph_saved_words) uint32_t graph_saved_words(const Graph *graph) { return graph_words(*graph); }
EXPORT(graph_save) void graph_save(const Graph *graph, uint32_t *words) { save_graph(*graph, gallery, words); }

// Fills a graph that was just opened, whose points are the given rows; 0, and the graph is good for nothing but to be
// closed, where the words are not its.
EXPORT(graph_load) uint32_t graph_load(Graph *graph, const uint32_t *words, uint32_t count, const uint32_t *rows) {
  return load_graph(words, count, gallery, rows, *graph) ? 1 : 0;
}
