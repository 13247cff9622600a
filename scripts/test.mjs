// `npm test`: installs what is missing, builds, and runs every check, cheapest first.
// `npm test -- unit` (or static, e2e) runs one stage, `-- e2e --journal zookeeper` the end-to-end tests with their clusters'
// journals in ZooKeeper. Counts go to .cache/test-counts.json for .ci/run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, containerTools, installPackages, installTools, requireNode, root } from './prepare.mjs';

const testTools = [
  ...containerTools,
  { program: 'unzip', debian: 'unzip', why: 'unpacks the kubectl binaries that the tests drive' },
  { program: 'curl', debian: 'curl', why: 'speaks to the API as no Kubernetes client does' },
  { program: 'ps', debian: 'procps', why: 'shows which processes a container sees' },
  { program: 'java', debian: 'default-jre-headless', why: 'runs the ZooKeeper servers of the tests' },
  {
    program: 'zookeeper.jar',
    file: '/usr/share/java/zookeeper.jar',
    debian: 'libzookeeper-java',
    why: 'ensembles of real ZooKeeper servers (without the package zookeeper, which brings a desktop Java)',
  },
  { program: 'ip', debian: 'iproute2', why: 'networks whose hosts can be cut from each other' },
  { program: 'faketime', debian: 'faketime', why: 'wall clocks that jump' },
  { program: 'strace', debian: 'strace', why: 'disks that are slow to flush' },
  { program: 'busybox', debian: 'busybox-static', why: 'the content of test images' },
];

const bin = (name) => join(root, 'node_modules/.bin', name);
const totals = { passed: 0, failed: 0, skipped: 0 };

function runStep(title, command, args, env = {}) {
  console.log(`\n── ${title}`);
  const startedMs = Date.now();
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  console.log(
    `── ${title}: ${result.status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`,
  );
  return result.status === 0;
}

function check(title, command, args) {
  totals[runStep(title, command, args) ? 'passed' : 'failed'] += 1;
}

function staticChecks() {
  check('formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']);
  check('generated files are up to date', process.execPath, ['scripts/generate.mjs', '--check']);
  check('lint', bin('eslint'), ['.']);
  check('import rules', bin('depcruise'), ['src', 'test', 'bench', '--output-type', 'err']);
  check('nothing unused', bin('knip'), []);
}

/** Runs a suite whose reporter (reporter.cjs) writes the counts. */
function suite(title, command, args, env = {}) {
  const counts = join(root, `.cache/counts-${title}.json`);
  rmSync(counts, { force: true });
  const ok = runStep(title, command, args, { ...env, TEPUI_TEST_COUNTS: counts });
  let counted = { passed: 0, failed: 0, skipped: 0 };
  try {
    counted = JSON.parse(readFileSync(counts, 'utf8'));
  } catch {
    counted.failed = 1;
  }
  if (!ok && counted.failed === 0) counted.failed = 1;
  for (const key of Object.keys(totals)) totals[key] += counted[key];
}

/** Pure parts are the promise: at least 95 % of the lines of api, every core and every plan. */
function pureCoverage() {
  const summary = JSON.parse(readFileSync(join(root, 'coverage/coverage-summary.json'), 'utf8'));
  const pure = Object.entries(summary).filter(([file]) => /\/src\/(api\/|.*\/core\/|.*\/plan\.ts)/.test(file));
  const lines = pure.reduce(
    (sum, [, file]) => ({ total: sum.total + file.lines.total, covered: sum.covered + file.lines.covered }),
    { total: 0, covered: 0 },
  );
  const percent = (100 * lines.covered) / Math.max(1, lines.total);
  console.log(
    `\n── coverage of the pure parts: ${percent.toFixed(1)} % of ${lines.total} lines in ${pure.length} files`,
  );
  totals[percent >= 95 ? 'passed' : 'failed'] += 1;
}

/** @param isWanted by name, such as `01-tour.test.js` */
const e2eSpecs = (isWanted) =>
  readdirSync(join(root, 'dist/test/e2e'))
    .filter((name) => name.endsWith('.test.js') && isWanted(name))
    .sort()
    .map((name) => join('dist/test/e2e', name));

function e2e(title, journal, isWanted) {
  const args = ['--timeout', '180000', '--reporter', 'scripts/reporter.cjs', ...e2eSpecs(isWanted)];
  suite(title, bin('mocha'), args, { TEPUI_JOURNAL: journal });
}

/** What `npm test` runs on ZooKeeper too, beside the tests that are about several servers: where it matters most. */
const alsoOnZookeeper = (name) => name.startsWith('06-kills');

function e2eStage() {
  if (values.journal !== undefined) e2e('e2e', values.journal, () => true);
  else {
    e2e('e2e', 'embedded', () => true);
    e2e('e2e-zookeeper', 'zookeeper', alsoOnZookeeper);
  }
}

const stages = {
  static: staticChecks,
  unit: () => {
    suite('unit', 'npm', ['run', '--silent', 'unit']);
    pureCoverage();
  },
  e2e: e2eStage,
};

requireNode();
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { journal: { type: 'string' } },
});
installPackages();
const missing = installTools(testTools);
if (missing.length > 0) console.error(`Tests that need ${missing.join(', ')} will fail: install them first.`);
build();
mkdirSync(join(root, '.cache'), { recursive: true });
for (const [name, run] of Object.entries(stages)) if (wanted.length === 0 || wanted.includes(name)) run();
writeFileSync(join(root, '.cache/test-counts.json'), JSON.stringify(totals));
console.log(
  `\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(totals.failed === 0 ? 0 : 1);
