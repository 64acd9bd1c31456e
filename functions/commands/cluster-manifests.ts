import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { buildAccessManifest } from '../deployment/access-manifest.ts';
import { listAccess } from '../deployment/cluster-access.ts';

/**
 * Prints what a cluster administrator applies once, so that Drydock may deploy into some namespaces:
 *
 *     node functions/commands/cluster-manifests.ts --namespace shop --namespace billing | kubectl apply -f -
 *
 * With `--table` it prints what that allows and what it does not, as a Markdown table.
 */
const main = (): void => {
  const { values } = parseArgs({
    options: {
      namespace: { type: 'string', multiple: true, default: [] },
      table: { type: 'boolean', default: false },
    },
  });
  const namespaces = values.namespace;
  const [first] = namespaces;
  if (first === undefined) {
    console.error('Name the namespaces of your targets: --namespace shop --namespace billing');
    process.exitCode = 2;
    return;
  }
  console.log(values.table ? formatTable(first) : formatManifest(namespaces));
};

const formatManifest = (namespaces: readonly string[]): string =>
  buildAccessManifest(namespaces)
    .map((object) => stringify(object, { lineWidth: 0 }))
    .join('---\n');

const formatTable = (namespace: string): string =>
  [
    '| May it? | Verb | Resource | Where | Why |',
    '|---|---|---|---|---|',
    ...listAccess(namespace, ['kube-system']).map(
      ({ allowed, verb, group, resource, namespace: where, why }) =>
        `| ${allowed ? 'yes' : 'no'} | ${verb} | ${resource}${group && `.${group}`} | ${where || 'the whole cluster'} | ${why} |`,
    ),
  ].join('\n');

main();
