import { parseSync } from 'vite';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** `type`: gone when compiled. `worker`: an address that another thread is started with. */
  readonly kind: 'static' | 'dynamic' | 'type' | 'worker';
}

/** By source: each rule asks of every file again. */
const known = new Map<string, readonly Import[]>();

/** Everything that a TypeScript module names of other modules, by its syntax tree: comments and texts do not count. */
export function importsOf(file: string, source: string): readonly Import[] {
  const before = known.get(source);
  if (before) return before;
  const imports: Import[] = [];
  known.set(source, imports);
  walk(parsed(file, source), (node) => {
    const found = importIn(node);
    if (found) imports.push(found);
  });
  return imports;
}

/**
 * Names at a module's top level that hold what changes while the app runs: variables, collections that start empty (or
 * whose keys are objects), and what `create…`, `open…` and `lazy…` make.
 */
export function stateOf(file: string, source: string): string[] {
  const statements = list(parsed(file, source)['body']).filter(isNode);
  return statements.flatMap((statement) => {
    const declaration = statement['type'] === 'ExportNamedDeclaration' ? statement['declaration'] : statement;
    if (!isNode(declaration) || declaration['type'] !== 'VariableDeclaration') return [];
    const names = list(declaration['declarations']).filter(isNode);
    return names
      .filter(({ init }) => declaration['kind'] !== 'const' || makesState(init))
      .map(({ id }) => (isNode(id) ? String(id['name']) : ''));
  });
}

function makesState(value: unknown): boolean {
  if (!isNode(value)) return false;
  const called = isNode(value['callee']) ? value['callee'] : {};
  const name = String(called['name'] ?? '');
  if (value['type'] === 'NewExpression')
    return /^(Weak)?(Map|Set)$/.test(name) && list(value['arguments']).length === 0;
  if (value['type'] !== 'CallExpression') return false;
  // createStore<State>()(…) calls what a call gives.
  return /^(create|open|lazy)[A-Z]/.test(name) || makesState(called);
}

function parsed(file: string, source: string): Node {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  return { ...program };
}

type Node = Readonly<Record<string, unknown>>;

function importIn(node: Node): Import | null {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = textOf(node['source']);
      return specifier === null ? null : { specifier, kind: isTypeOnly(node) ? 'type' : 'static' };
    }
    case 'TSImportType':
      return { specifier: textOf(node['source']) ?? '', kind: 'type' };
    case 'ImportExpression':
      return { specifier: textOf(node['source']) ?? '(computed)', kind: 'dynamic' };
    case 'NewExpression': {
      // new URL('./x.worker.ts', import.meta.url)
      const [address, base] = list(node['arguments']);
      const meta = isNode(base) && isNode(base['object']) && base['object']['type'] === 'MetaProperty';
      const specifier = meta ? textOf(address) : null;
      return specifier === null ? null : { specifier, kind: 'worker' };
    }
    default:
      return null;
  }
}

function isTypeOnly(declaration: Node): boolean {
  if (declaration['importKind'] === 'type' || declaration['exportKind'] === 'type') return true;
  const specifiers = list(declaration['specifiers']).filter(isNode);
  return (
    specifiers.length > 0 &&
    specifiers.every((specifier) => specifier['importKind'] === 'type' || specifier['exportKind'] === 'type')
  );
}

function textOf(node: unknown): string | null {
  return isNode(node) && typeof node['value'] === 'string' ? node['value'] : null;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isNode(value)) {
    visit(value);
    for (const child of Object.values(value)) walk(child, visit);
  }
}
