import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Indigo: shade 7 carries white text at 5 : 1, shade 4 is readable on the dark surface. */
const accent: MantineColorsTuple = [
  '#eef0ff',
  '#dde2ff',
  '#bcc5fd',
  '#9aa7fb',
  '#8795f8',
  '#6275f0',
  '#4f62e6',
  '#4353d6',
  '#3745b8',
  '#2c3794',
];

/** Neutral greys for the dark theme: text first, surfaces last (Mantine's order). */
const dark: MantineColorsTuple = [
  '#e4e6ea',
  '#c3c7ce',
  '#a4a9b2',
  '#6d737d',
  '#33363c',
  '#292c31',
  '#1e2024',
  '#151619',
  '#101113',
  '#0b0c0d',
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 7,
  colors: { accent, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  fontWeights: { regular: '400', medium: '600', bold: '600' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '8px', xl: '8px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
      h5: { fontSize: '0.75rem', lineHeight: '1.4' },
      h6: { fontSize: '0.75rem', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 150 } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 120 } } },
    // The focus goes to the first item, not to an element without a name before it.
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 120 }, withInitialFocusPlaceholder: false } },
  },
});

/** What Mantine's defaults leave under 4.5 : 1, and its surfaces in this product's greys. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1b1d21',
    '--mantine-color-dimmed': '#5a6069',
    '--mantine-color-placeholder': '#5a6069',
    '--mantine-color-default-border': '#d5d8dd',
    '--mantine-color-anchor': 'var(--mantine-color-accent-7)',
    '--mantine-color-accent-light-color': 'var(--mantine-color-accent-7)',
    '--mantine-color-error': '#b3261e',
  },
  dark: {
    '--mantine-color-body': 'var(--mantine-color-dark-7)',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-default-border': '#3b3f46',
    '--mantine-color-anchor': 'var(--mantine-color-accent-3)',
    '--mantine-color-accent-light-color': 'var(--mantine-color-accent-3)',
    '--mantine-color-error': '#ff8b82',
  },
});
