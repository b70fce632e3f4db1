export { adam } from './adam';
export { activateAll, meansOfSums, scaleChannels } from './channels';
export { depthwise } from './depthwise';
export { throughDirection, transpose, unitRows } from './direction';
export { multiply } from './multiply';
export { pack, packTurned } from './panels';
export { attend, layerNorm } from './tokens';
export { winograd } from './winograd';
