export default function Curves() {
  return null;
}
