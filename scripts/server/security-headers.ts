/** What the browser could give a page and this one never asks for. */
const UNUSED = [
  ...['accelerometer', 'display-capture', 'geolocation', 'gyroscope', 'hid', 'idle-detection'],
  ...['local-fonts', 'magnetometer', 'microphone', 'midi', 'payment', 'serial', 'usb', 'xr-spatial-tracking'],
];

/** For pictures to search with, by a press on the search screen; no frame within the page may have it. */
const CAMERA = 'camera=(self)';

type Policy = Readonly<Record<string, readonly string[]>>;

const policy: Policy = {
  'default-src': ["'none'"],
  // WebAssembly is compiled by TensorFlow.js, the hash and the search index; no text is ever run as a program.
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'worker-src': ["'self'"],
  // The hub answers a file with a redirect to one of its stores (cdn-lfs*.huggingface.co, cas-bridge.xethub.hf.co).
  'connect-src': ["'self'", 'https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'],
  'img-src': ["'self'", 'blob:', 'data:'],
  // Mantine sets its theme by a style element and its components' measures by style attributes.
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Scripts whose own policy is wider. It reaches no further than the worker that runs the script. */
const scriptExceptions: readonly {
  readonly file: RegExp;
  readonly sources: readonly string[];
  readonly reason: string;
}[] = [
  {
    file: /^assets\/plain-search\.worker[^/]*\.js$/,
    sources: ["'unsafe-eval'"],
    reason:
      'hnswlib-wasm, for browsers without WASM SIMD: the glue code that Emscripten makes for its classes is built by new Function()',
  },
];

/** The policy as a meta tag for hosts that set no headers. Frame-ancestors is not allowed in one. */
export function metaPolicy(): string {
  const { 'frame-ancestors': _, ...rest } = policy;
  return write(rest);
}

/** The Content-Security-Policy of one file, by its path below the app's folder. A worker obeys its script's. */
export function contentSecurityPolicy(path: string): string {
  const wider = scriptExceptions.filter(({ file }) => file.test(path)).flatMap(({ sources }) => sources);
  return write({ ...policy, 'script-src': [...(policy['script-src'] ?? []), ...wider] });
}

/**
 * Makes the page cross-origin isolated: it then has memory that several workers share, and computes a single query's features by all
 * cores. Nothing is lost by it, as nothing is embedded here that comes from elsewhere (the policy above): downloads from the
 * hub are CORS requests, which it lets through. `require-corp` and not `credentialless`, which Safari does not know.
 */
export const isolation = {
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

/** The headers of every answer. */
export function securityHeaders(path: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(path),
    ...isolation,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': [CAMERA, ...UNUSED.map((feature) => `${feature}=()`)].join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

function write(directives: Policy): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
