import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { clientSettings } from '../support/world/aws-views.ts';
import { target, useWorld } from '../support/world/use-world.ts';

const world = useWorld((host) => ({ web: target(host, 'web') }));

/** The very command, in an environment that leads to the local world alone. */
const verify = (...args: string[]) =>
  execa('node', ['functions/commands/verify-aws.ts', '--file', world().configurationFile, ...args], {
    extendEnv: false,
    env: { ...world().aws.environment(), PATH: process.env['PATH'] ?? '', HOME: world().folder },
    preferLocal: true,
    reject: false,
    all: true,
  });

it('verifies a deployed site by its real parts, stop button included, and leaves nothing behind', async () => {
  const { site, ledger } = world();
  await new SNSClient(clientSettings(world())).send(
    new SubscribeCommand({ TopicArn: site.topicArn, Protocol: 'sms', Endpoint: '+15550100' }),
  );
  const { all, exitCode } = await verify('--site', 'local', '--include-pause', '--webhook', site.webhookUrl);
  expect(all).toMatch(/ok {4}stranger .*401/);
  expect(all).toMatch(/ok {4}sender .*ignored it: no target uses this image/);
  expect(all).toMatch(/ok {4}sweep .*succeeded/);
  expect(all).toMatch(/ok {4}upgrade check .*local (clean|warnings|blocked)/);
  expect(all).toMatch(/ok {4}ledger/);
  expect(all).toMatch(/ok {4}topic/);
  expect(all).toContain('capability/deployment was paused and resumed');
  expect(exitCode).toBe(0);
  expect(await ledger.keys('verify/')).toEqual([]);
  expect(all).not.toContain(world().secrets.pipelines);
});
