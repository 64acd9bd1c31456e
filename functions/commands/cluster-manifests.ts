import process from 'node:process';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { buildBackupAccessManifest } from '../backup/access-manifest.ts';
import { listBackupAccess } from '../backup/cluster-access.ts';
import { buildAccessManifest } from '../deployment/access-manifest.ts';
import { listAccess } from '../deployment/cluster-access.ts';
import { buildUpgradeAccessManifest } from '../upgrade/access-manifest.ts';
import { listUpgradeAccess } from '../upgrade/cluster-access.ts';
import { outliveReader } from './terminal.ts';

const HELP = `Prints what a cluster administrator applies once, so that a capability may do its work in a cluster. Changes nothing.

  npm run -s cluster-manifests -- --namespace shop --namespace billing | kubectl apply -f -
  npm run -s cluster-manifests -- --capability upgrade --helm-namespace shop | kubectl apply -f -
  npm run -s cluster-manifests -- --capability backup --namespace gitlab | kubectl apply -f -

  --capability <name>     deployment (default), upgrade or backup
  --namespace <name>      of the targets, or of GitLab for backup; may be given more than once
  --helm-namespace <name> where the upgrade check may read Helm releases, or all; may be given more than once
  --table                 print what that allows and what it does not, as a Markdown table
  --help                  print this

Exit code: 0, or 2 for wrong arguments`;

/** Prints the manifests or their table. */
const main = (): void => {
  const read = readArguments();
  if ('mistake' in read) return refuse(`${read.mistake}\n\n${HELP}`);
  const { values } = read;
  if (values.help) {
    console.log(HELP);
    return;
  }
  const access = ACCESS[values.capability]?.({
    namespaces: values.namespace,
    helmNamespaces: values['helm-namespace'],
  });
  if (access === undefined || 'problem' in access) {
    return refuse(access?.problem ?? `Write --capability ${Object.keys(ACCESS).join(' or --capability ')}`);
  }
  console.log(values.table ? formatTable(access.rows()) : formatManifest(access.objects()));
};

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        capability: { type: 'string', default: 'deployment' },
        namespace: { type: 'string', multiple: true, default: [] },
        'helm-namespace': { type: 'string', multiple: true, default: [] },
        table: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { mistake: error.message };
  }
};

const refuse = (message: string): void => {
  console.error(message);
  process.exitCode = 2;
};

interface Given {
  readonly namespaces: readonly string[];
  readonly helmNamespaces: readonly string[];
}

/** What of each capability's table is shown. */
type Row = ReturnType<typeof listAccess>[number];

type Access =
  | { readonly problem: string }
  | { readonly objects: () => readonly object[]; readonly rows: () => readonly Row[] };

const ACCESS: Readonly<Record<string, (given: Given) => Access>> = {
  deployment: ({ namespaces }) => {
    const [first] = namespaces;
    if (first === undefined) {
      return { problem: 'Name the namespaces of your targets: --namespace shop --namespace billing' };
    }
    return {
      objects: () => buildAccessManifest(namespaces),
      rows: () => listAccess(first, ['kube-system']),
    };
  },
  backup: ({ namespaces }) => {
    const [first] = namespaces;
    if (first === undefined) return { problem: 'Name the namespaces of GitLab: --namespace gitlab' };
    return {
      objects: () => buildBackupAccessManifest(namespaces),
      rows: () => listBackupAccess(first, ['kube-system']),
    };
  },
  upgrade: ({ helmNamespaces }) => {
    const isAll = helmNamespaces.includes('all');
    return {
      objects: () => buildUpgradeAccessManifest({ helmNamespaces: isAll ? 'all' : helmNamespaces }),
      rows: () => listUpgradeAccess(isAll ? [''] : helmNamespaces, isAll ? [] : ['kube-system']),
    };
  },
};

const formatManifest = (objects: readonly object[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');

const formatTable = (rows: readonly Row[]): string =>
  [
    '| May it? | Verb | Resource | Where | Why |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ allowed, verb, group, resource, namespace: where, why }) =>
        `| ${allowed ? 'yes' : 'no'} | ${verb} | ${resource}${group && `.${group}`} | ${where || 'the whole cluster'} | ${why} |`,
    ),
  ].join('\n');

outliveReader(process.stdout);
main();
