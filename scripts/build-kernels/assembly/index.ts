export { adam } from './adam';
export { activateAll, scaleChannels } from './channels';
export { throughDirection, transpose, unitRows } from './direction';
export { multiply } from './multiply';
export { pack, packTurned } from './panels';
export { attend, layerNorm } from './tokens';
