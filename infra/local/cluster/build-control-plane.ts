import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildOnce } from '../build-once.ts';
import { cacheFolder } from '../cache-folder.ts';
import { ensurePythonEnvironment } from '../python-environment.ts';
import { formatDuration, type Report } from '../report.ts';
import { runCommand } from '../run-command.ts';

/** Each binary with its Go package and what it cost cold on 2 cores, in seconds, for the estimate. */
const BINARIES = [
  { name: 'etcd', from: 'go.etcd.io/etcd/server/v3', seconds: 41 },
  { name: 'kube-apiserver', from: 'k8s.io/kubernetes/cmd/kube-apiserver', seconds: 186 },
  { name: 'kube-controller-manager', from: 'k8s.io/kubernetes/cmd/kube-controller-manager', seconds: 62 },
  { name: 'kube-scheduler', from: 'k8s.io/kubernetes/cmd/kube-scheduler', seconds: 6 },
  { name: 'kwok', from: 'sigs.k8s.io/kwok/cmd/kwok', seconds: 14 },
] as const;

/** The Kubernetes that go.mod pins; a server built without it reports no version. */
const KUBERNETES = { version: 'v1.36.3', major: '1', minor: '36' };

const VERSION_PACKAGE = 'k8s.io/component-base/version';
const LDFLAGS = [
  '-s -w',
  `-X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES.version}`,
  `-X ${VERSION_PACKAGE}.gitMajor=${KUBERNETES.major}`,
  `-X ${VERSION_PACKAGE}.gitMinor=${KUBERNETES.minor}`,
].join(' ');

const MODULE = fileURLToPath(new URL('.', import.meta.url));

/** In a terminal and in a CI log alike, silence of minutes looks like a hang. */
const STILL_BUILDING_MS = 30_000;

/**
 * Builds etcd, the Kubernetes control plane and kwok, once for each go.mod, go.sum and set of flags.
 *
 * @returns the folder of the binaries.
 * @throws Error with Go's last lines; the next call goes on with what was compiled so far.
 */
export const ensureControlPlane = async (report: Report): Promise<{ bin: string }> => {
  const folder = join(cacheFolder(), `control-plane-${await hashInputs()}`);
  await buildOnce({ what: 'Kubernetes', folder, report, build: () => buildAll(folder, report) });
  return { bin: folder };
};

const hashInputs = async (): Promise<string> => {
  const hash = createHash('sha256').update(LDFLAGS).update(`${process.platform}-${process.arch}`);
  for (const file of ['go.mod', 'go.sum', 'tools.go']) hash.update(await readFile(join(MODULE, file)));
  for (const { name, from } of BINARIES) hash.update(`${name}=${from}\n`);
  return hash.digest('hex').slice(0, 16);
};

const buildAll = async (folder: string, report: Report): Promise<void> => {
  const { bin } = await ensurePythonEnvironment(report);
  const started = performance.now();
  const total = BINARIES.reduce((sum, binary) => sum + binary.seconds, 0);
  report(
    `Kubernetes: building ${KUBERNETES.version} and etcd from source (first time only, ` +
      `about ${Math.ceil(total / 60)} min on 2 cores)`,
  );
  const go = prepareGo(bin);
  await runGo(go, ['mod', 'download'], 'downloading the sources');
  let before = 0;
  for (const [index, binary] of BINARIES.entries()) {
    const share = () =>
      `${formatDuration(performance.now() - started)}, ${Math.round((100 * before) / total)} % done`;
    const step = `Kubernetes: [${index + 1}/${BINARIES.length}] ${binary.name}`;
    report(`${step} (${share()})`);
    const still = setInterval(() => report(`${step}, still compiling (${share()})`), STILL_BUILDING_MS);
    try {
      const output = join(folder, binary.name);
      await runGo(go, ['build', '-trimpath', '-ldflags', LDFLAGS, '-o', output, binary.from], binary.name);
    } finally {
      clearInterval(still);
    }
    before += binary.seconds;
  }
  // 2 GB that only the next go.mod would need, and little of it even then.
  if (go.ownFolder) await rm(go.ownFolder, { recursive: true, force: true });
  report(`Kubernetes: built in ${formatDuration(performance.now() - started)}`);
};

interface Go {
  readonly command: string;
  readonly env: Record<string, string>;
  /** Where sources and compiled packages lie until the build is complete; absent when the user named places. */
  readonly ownFolder?: string;
}

/** Compiles in a folder of our own, unless `GOCACHE` and `GOMODCACHE` say where (a CI that keeps them). */
const prepareGo = (bin: string): Go => {
  const { GOCACHE, GOMODCACHE } = process.env;
  const command = join(bin, 'go');
  const env = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '-mod=readonly -modcacherw' };
  if (GOCACHE && GOMODCACHE) return { command, env };
  const ownFolder = join(cacheFolder(), 'go');
  const places = { GOCACHE: join(ownFolder, 'compiled'), GOMODCACHE: join(ownFolder, 'modules') };
  return { command, env: { ...env, ...places }, ownFolder };
};

const runGo = async (go: Go, args: readonly string[], doing: string): Promise<void> => {
  const result = await runCommand(go.command, args, { cwd: MODULE, env: go.env });
  if (result.exitCode === 0) return;
  throw new Error(`Go failed at ${doing}: ${result.output.trim().split('\n').slice(-8).join('\n')}`);
};
