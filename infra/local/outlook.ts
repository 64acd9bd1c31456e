import { relative } from 'node:path';

import { REGISTRY_CREDENTIALS } from './registry/start-registry.ts';
import type { Terminal } from './terminal/terminal.ts';
import { SHOP } from './tour/shop.ts';
import { ENVIRONMENT } from './world/configuration.ts';
import type { World } from './world/start-world.ts';

/** Says what a person can do now: push, ask why, look around, stop. Every command can be copied. */
export const printOutlook = (world: World, environmentFile: string, terminal: Terminal): void => {
  const { registry, site, cluster, folder } = world;
  const { repository, target } = SHOP;
  const near = (path: string): string => {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') || short === '' ? path : short;
  };
  const environment = near(environmentFile);
  const yaml = near(world.configurationFile);
  const { username, password } = REGISTRY_CREDENTIALS;
  const skopeo = [
    `skopeo copy --dest-tls-verify=false --dest-creds ${username}:${password}`,
    `docker://docker.io/library/busybox:latest docker://${registry.host}/${repository}:1.6.0`,
  ].join(' ');

  terminal.heading('Now you');
  terminal.say(
    'In another terminal, in this folder. First, so that tools find the local AWS and the cluster:',
  );
  terminal.command('', `. ${environment}`);
  terminal.command('Push an image yourself:', `npx node infra/local/push.ts ${repository} 1.5.0`);
  terminal.command('or any other, with skopeo:', skopeo);
  terminal.command('Ask why something happened, or did not:', `npm run why -- ${target} --file ${yaml}`);
  terminal.command(
    'Check what the next version breaks, as with any cluster of yours:',
    `npm run upgrade-check -- --kubeconfig ${near(cluster.kubeconfig)} --cluster local --region ${world.aws.region}`,
  );
  terminal.command('Watch the pods:', 'kubectl --namespace shop get pods --watch');
  terminal.command('Look into the ledger:', `aws s3 ls --recursive s3://${site.ledgerBucket}/deployment/`);
  terminal.command(
    'Press the stop button:',
    `aws stepfunctions start-execution --state-machine-arn ${site.machines.control} --input ` +
      `'{"pause":"target/${target}","by":"you","why":"trying it"}'`,
  );
  if (site.backup) {
    terminal.command(
      'Back GitLab up, and have what was written read:',
      `aws stepfunctions start-execution --state-machine-arn ${site.backup.machines.backup} --input ` +
        `'{"environment":"${ENVIRONMENT}"}'`,
    );
    terminal.command('See the backups:', `npm run backup-sets -- list --file ${yaml}`);
    if (site.backup.drill) {
      terminal.command(
        'Rehearse its restore once more:',
        `aws stepfunctions start-execution --state-machine-arn ${site.backup.drill.machine} --input ` +
          `'{"environment":"${ENVIRONMENT}"}'`,
      );
    }
  }
  terminal.heading('Where to look');
  terminal.say(
    [
      `Webhook     ${site.webhookUrl}/hooks/{registry,pipelines}`,
      `Registry    ${registry.url}, ${username} / ${password}`,
      `AWS         ${world.aws.url}, environment in ${environment}`,
      `Kubernetes  ${cluster.kubeconfig}`,
      `Settings    ${yaml}`,
      `Logs        ${near(folder)}/*/logs/, Lambdas in ${near(world.aws.logFile)}`,
    ].join('\n'),
  );
  if (!cluster.apiServer) {
    terminal.say(
      `\nIn your cluster stay the namespace ${SHOP.namespace} with what the tour made in it, and Drydock's roles ` +
        `and admission policy. Away with the first: kubectl delete namespace ${SHOP.namespace}`,
    );
  }
  terminal.heading('Ctrl-C ends all of it.');
};
