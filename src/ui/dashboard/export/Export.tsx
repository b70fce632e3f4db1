export default function Export() {
  return null;
}
