// Which room may know which: the table of docs/decisions, checked over what is really reachable.
const { builtinModules } = require('node:module')

const ROOMS = ['engine', 'credit', 'store', 'simulation', 'workflows', 'api', 'console', 'cli']

/** A room may reach these rooms and no others, by whatever way. */
function onlyReaches(room, allowed, from = `^packages/${room}/src/`) {
  const others = ROOMS.filter(other => other !== room && !allowed.includes(other))
  return {
    name: `${room}-only-reaches-${allowed.join('-and-') || 'itself'}`,
    severity: 'error',
    from: { path: from },
    to: { path: `^packages/(${others.join('|')})/`, reachable: true },
  }
}

module.exports = {
  forbidden: [
    onlyReaches('engine', []),
    onlyReaches('credit', ['engine']),
    onlyReaches('store', ['engine', 'credit']),
    onlyReaches('simulation', ['engine', 'credit']),
    onlyReaches('workflows', ['engine', 'credit', 'store', 'simulation']),
    onlyReaches('api', ['engine', 'credit', 'store', 'workflows']),
    onlyReaches('cli', ['engine', 'credit', 'store', 'simulation', 'workflows']),
    onlyReaches('console', ['engine']),
    {
      name: 'engine-and-credit-need-no-node',
      severity: 'error',
      from: { path: '^packages/(engine|credit)/src/' },
      to: { path: `^(node:)?(${builtinModules.join('|')})$`, reachable: true },
    },
    {
      name: 'workflows-stay-in-the-sandbox',
      comment: 'Workflows reach the outside through activities, of which they know the types.',
      severity: 'error',
      from: { path: '^packages/workflows/src/workflows/' },
      to: { path: '^packages/(store|api|cli|console)/|^packages/workflows/src/(activities|worker)', reachable: true },
    },
    {
      name: 'contract-is-all-that-others-know-of-workflows',
      severity: 'error',
      from: { path: '^packages/(api|cli|store|console)/src/' },
      to: { path: '^packages/workflows/src/', pathNot: '^packages/workflows/src/contract/', reachable: true },
    },
    {
      name: 'rooms-are-entered-by-the-door',
      comment: 'Another room is imported by its name, never by a path into its files.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: { pathNot: '[.]vue$' },
      to: { couldNotResolve: true, pathNot: '^(#build|virtual:|vite/client)' },
    },
    {
      name: 'no-tests-in-products',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '[.]test[.]ts$' },
      to: { path: '[.]test[.]ts$|^test/|^bench/|/test/', pathNot: 'node_modules' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.vue', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
}
