export default function EmbeddingMap() {
  return null;
}
