export { activateAll, scaleChannels } from './channels';
export { multiply } from './multiply';
export { attend, standardise } from './tokens';
