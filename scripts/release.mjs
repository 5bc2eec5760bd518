// Publishes the version in package.json with provenance, which needs a CI with OpenID Connect.   npm run release [-- --dry-run]
// Refuses a version that has no section in CHANGELOG.md, and, unless it is a dry run, one that has a tag already, or uncommitted changes. Runs .ci/run first.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const dryRun = process.argv.includes('--dry-run');
const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
const run = (command, ...args) => execFileSync(command, args, { stdio: 'inherit' });
const read = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' }).trim();

function refuse(reason) {
  console.error(`release: ${reason}`);
  process.exit(1);
}

if (!readFileSync('CHANGELOG.md', 'utf8').includes(`\n## ${version}\n`))
  refuse(`CHANGELOG.md has no section "## ${version}"`);
if (dryRun) {
  run('npm', 'publish', '--dry-run');
} else {
  if (read('git', 'status', '--porcelain')) refuse('there are uncommitted changes');
  if (read('git', 'tag', '--list', `v${version}`)) refuse(`v${version} has been released`);
  // Set by CI hosts that can sign a package's provenance.
  const signs = process.env.ACTIONS_ID_TOKEN_REQUEST_URL ?? process.env.SIGSTORE_ID_TOKEN;
  if (!signs) refuse('provenance needs a CI with OpenID Connect (id-token: write)');
  if (!repository) refuse('provenance needs package.json to name its repository');
  run('.ci/run');
  run('npm', 'publish', '--provenance', '--access', 'public');
  run('git', 'tag', `v${version}`);
  run('git', 'push', 'origin', `v${version}`);
}
