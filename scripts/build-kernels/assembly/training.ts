export { adam } from './adam';
export { throughDirection, transpose, unitRows } from './direction';
export { multiply } from './multiply';
export { pack, packTurned } from './panels';
