// Who may import whom (design: rooms). Each rule says why it exists.
const rooms = {
  lib: [],
  api: ['lib'],
  zookeeper: ['lib'],
  rpc: ['api', 'lib'],
  client: ['api', 'lib'],
  store: ['api', 'zookeeper', 'lib'],
  apiserver: ['store', 'client', 'rpc', 'api', 'lib'],
  reconciler: ['client', 'api', 'lib'],
  'offer-engine': ['client', 'rpc', 'api', 'lib'],
  'node-agent': ['isolators', 'rpc', 'api', 'lib'],
  isolators: ['api', 'lib'],
  cli: ['client', 'api', 'lib'],
  dashboard: ['client', 'api', 'lib'],
};

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `src/${room} may import only: ${[room, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

const only = (name, packages, home, why) => ({
  name,
  comment: why,
  severity: 'error',
  from: { path: '^src/', pathNot: home },
  to: { path: `node_modules/(${packages})(/|$)` },
});

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'no-cycles',
      comment: 'A cycle has no beginning to read from.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'api-is-pure',
      comment: 'The vocabulary runs anywhere.',
      severity: 'error',
      from: { path: '^src/api/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-is-pure',
      comment: 'A core gets the world as arguments.',
      severity: 'error',
      from: { path: '^src/.+/core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-knows-api-only',
      comment: 'A core must not know the shell around it.',
      severity: 'error',
      from: { path: '^src/offer-engine/core/' },
      to: { path: '^src/', pathNot: '^src/(api|lib|offer-engine/core)/' },
    },
    {
      name: 'nobody-imports-cmd',
      comment: 'Composition roots are the end of the line.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cmd/' },
      to: { path: '^src/cmd/' },
    },
    {
      name: 'nobody-imports-test',
      comment: 'Production code does not depend on tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-barrels',
      comment: 'A path names the file that holds the thing.',
      severity: 'error',
      from: {},
      to: { path: '/index\\.ts$' },
    },
    only('rpc-owns-grpc', '@grpc|protobufjs', '^src/rpc/', 'One room knows the wire.'),
    only('zookeeper-owns-its-client', 'node-zookeeper-client', '^src/zookeeper/', 'The library is unsafe alone.'),
    only('store-owns-level', 'classic-level', '^src/store/', 'The embedded medium is one file.'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.cache)/' },
  },
};
