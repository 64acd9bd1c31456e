import { describe, expect, it } from 'vitest';
import { defineCheck } from '../../functions/upgrade/check.ts';
import { CHECK_TIME, CLUSTER, REGION, unreadTopic } from '../support/upgrade-facts.ts';

const STEP = { cluster: CLUSTER, region: REGION, current: '1.35', from: '1.35', to: '1.36', now: CHECK_TIME };

describe('what a person is told of a topic that could not be read', () => {
  const check = defineCheck({
    code: 'nodes',
    title: 'x',
    reads: ['nodes'],
    judge: () => expect.unreachable(),
  });
  const remedyFor = (permission?: string) =>
    check.judge({ nodes: unreadTopic('nodes', permission) }, STEP)[0]?.remedy;

  it('what only the person can give comes with how', () => {
    const nodes = { items: [], unread: [{ what: 'Helm releases', reason: 'not named', help: 'Name them.' }] };
    expect(check.judge({ nodes }, STEP)[0]).toMatchObject({
      message: 'Helm releases could not be read: not named',
      remedy: { text: 'Name them.' },
    });
  });

  it('a missing right is the message, and what was answered the evidence', () => {
    const nodes = unreadTopic('nodes', 'list nodes');
    expect(check.judge({ nodes }, STEP)[0]).toMatchObject({
      message: 'nodes could not be read: the right list nodes is missing.',
      evidence: ['access denied'],
      permission: 'list nodes',
    });
  });

  it.each([
    [
      'a right inside the cluster comes with the manifest that ships',
      'list nodes',
      { command: 'npm run -s cluster-manifests -- --capability upgrade | kubectl apply -f -' },
    ],
    [
      'a right at AWS is named, and no manifest can give it',
      'eks:ListInsights',
      { text: 'Give the role of the check the right eks:ListInsights.' },
    ],
    [
      'what did not answer is tried again',
      undefined,
      { text: expect.stringContaining('Run the check again') },
    ],
  ])('%s', (_, permission, remedy) => {
    expect(remedyFor(permission)).toMatchObject(remedy);
    expect(remedyFor(permission)?.command === undefined).toBe(!('command' in remedy));
  });
});
