// The graph as words of 32 bits: a header, then each point's level and its links level by level. Vectors are not in it;
// their fingerprint is. Nothing that is read is trusted.
#pragma once

#include <hnswlib/hnswlib.h>

#include "gallery.h"

using Graph = hnswlib::HierarchicalNSW<float>;

constexpr uint32_t GRAPH_MAGIC = 0x4e484b4c;  // "LKHN"
// Also of what the same vectors and settings make: another seed, order or distance is another version.
constexpr uint32_t GRAPH_VERSION = 1;
// A level of 64 would take 16^64 points.
constexpr uint32_t MOST_LEVELS = 64;

enum HeaderWord : uint32_t {
  MAGIC, VERSION, ROWS, DIMENSIONS, POINTS, M, EF_CONSTRUCTION, VECTORS_LOW, VECTORS_HIGH, ENTRY, LINKS_LOW, LINKS_HIGH,
  HEADER_WORDS
};

// FNV-1a over words, in 64 bits.
inline uint64_t fingerprint(const uint32_t *words, size_t count) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < count; i++) hash = (hash ^ words[i]) * 0x100000001b3;
  return hash;
}

inline uint64_t fingerprint(const Gallery &gallery) {
  return fingerprint(reinterpret_cast<const uint32_t *>(gallery.vectors),
                     static_cast<size_t>(gallery.rows) * gallery.stride);
}

inline size_t graph_words(const Graph &graph) {
  size_t words = HEADER_WORDS;
  for (uint32_t point = 0; point < graph.cur_element_count; point++) {
    words++;
    for (int level = 0; level <= graph.element_levels_[point]; level++) {
      words += 1 + graph.getListCount(graph.get_linklist_at_level(point, level));
    }
  }
  return words;
}

inline void save_graph(const Graph &graph, const Gallery &gallery, uint32_t *words) {
  uint32_t *at = words + HEADER_WORDS;
  for (uint32_t point = 0; point < graph.cur_element_count; point++) {
    *at++ = graph.element_levels_[point];
    for (int level = 0; level <= graph.element_levels_[point]; level++) {
      const uint32_t *list = graph.get_linklist_at_level(point, level);
      const uint32_t count = graph.getListCount(const_cast<uint32_t *>(list));
      *at++ = count;
      memcpy(at, list + 1, count * sizeof(uint32_t));
      at += count;
    }
  }
  const uint64_t vectors = fingerprint(gallery);
  const uint64_t links = fingerprint(words + HEADER_WORDS, at - words - HEADER_WORDS);
  words[MAGIC] = GRAPH_MAGIC;
  words[VERSION] = GRAPH_VERSION;
  words[ROWS] = gallery.rows;
  words[DIMENSIONS] = gallery.dimensions;
  words[POINTS] = graph.cur_element_count;
  words[M] = graph.M_;
  words[EF_CONSTRUCTION] = graph.ef_construction_;
  words[VECTORS_LOW] = static_cast<uint32_t>(vectors);
  words[VECTORS_HIGH] = static_cast<uint32_t>(vectors >> 32);
  words[ENTRY] = graph.enterpoint_node_;
  words[LINKS_LOW] = static_cast<uint32_t>(links);
  words[LINKS_HIGH] = static_cast<uint32_t>(links >> 32);
}

// Whether the header is that of a graph of this gallery and these settings, and the links are those that were saved.
inline bool header_fits(const uint32_t *words, size_t count, const Gallery &gallery, const Graph &empty) {
  if (count < HEADER_WORDS) return false;
  const uint64_t vectors = fingerprint(gallery);
  const uint64_t links = fingerprint(words + HEADER_WORDS, count - HEADER_WORDS);
  return words[MAGIC] == GRAPH_MAGIC && words[VERSION] == GRAPH_VERSION && words[ROWS] == gallery.rows &&
         words[DIMENSIONS] == gallery.dimensions && words[POINTS] == empty.max_elements_ && words[M] == empty.M_ &&
         words[EF_CONSTRUCTION] == empty.ef_construction_ && words[VECTORS_LOW] == static_cast<uint32_t>(vectors) &&
         words[VECTORS_HIGH] == static_cast<uint32_t>(vectors >> 32) && words[ENTRY] < words[POINTS] &&
         words[LINKS_LOW] == static_cast<uint32_t>(links) && words[LINKS_HIGH] == static_cast<uint32_t>(links >> 32);
}

// The level of every point; false unless the words are exactly as many as the lists say, none of them too long.
inline bool read_levels(const uint32_t *words, size_t count, const Graph &graph, std::vector<int> &levels) {
  size_t at = HEADER_WORDS;
  for (int &level_of : levels) {
    if (at >= count || words[at] >= MOST_LEVELS) return false;
    level_of = words[at++];
    for (int level = 0; level <= level_of; level++) {
      if (at >= count) return false;
      const uint32_t links = words[at++];
      if (links > (level == 0 ? graph.maxM0_ : graph.maxM_) || links > count - at) return false;
      at += links;
    }
  }
  return at == count;
}

// Fills a graph that was just made, with room for as many points as `rows` has. False, and the graph is good for nothing
// but to be deleted, where the words are no such graph.
inline bool load_graph(const uint32_t *words, size_t count, const Gallery &gallery, const uint32_t *rows, Graph &graph) {
  const uint32_t points = graph.max_elements_;
  std::vector<int> levels(points);
  if (!header_fits(words, count, gallery, graph) || !read_levels(words, count, graph, levels)) return false;
  const int top = *std::max_element(levels.begin(), levels.end());
  // The walk goes down from the entry point: it must be on every level.
  if (levels[words[ENTRY]] != top) return false;
  const uint32_t *at = words + HEADER_WORDS;
  for (uint32_t point = 0; point < points; point++) {
    const int highest = levels[point];
    at++;
    memset(graph.get_linklist0(point), 0, graph.size_data_per_element_);
    graph.linkLists_[point] = nullptr;
    graph.element_levels_[point] = 0;
    if (highest > 0) {
      const size_t bytes = graph.size_links_per_element_ * highest + 1;
      graph.linkLists_[point] = static_cast<char *>(malloc(bytes));
      if (!graph.linkLists_[point]) return false;
      memset(graph.linkLists_[point], 0, bytes);
      graph.element_levels_[point] = highest;
    }
    graph.cur_element_count = point + 1;
    memcpy(graph.getDataByInternalId(point), rows + point, sizeof(uint32_t));
    graph.setExternalLabel(point, rows[point]);
    for (int level = 0; level <= highest; level++) {
      const uint32_t links = *at++;
      for (uint32_t i = 0; i < links; i++) {
        // A point that is not on the level has no list there to go on with.
        if (at[i] >= points || levels[at[i]] < level) return false;
      }
      uint32_t *list = graph.get_linklist_at_level(point, level);
      graph.setListCount(list, links);
      memcpy(list + 1, at, links * sizeof(uint32_t));
      at += links;
    }
  }
  graph.enterpoint_node_ = words[ENTRY];
  graph.maxlevel_ = top;
  return true;
}
