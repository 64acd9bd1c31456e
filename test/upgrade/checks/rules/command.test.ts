import { describe, expect, it } from 'vitest';
import {
  describeUpdate,
  eksCommand,
  subjectOfUpdate,
} from '../../../../functions/upgrade/checks/rules/command.ts';

const place = { cluster: 'gitlab', region: 'eu-central-1' };

describe('a command about a cluster', () => {
  it('names region and cluster before its options', () => {
    expect(eksCommand('update-addon', { 'addon-name': 'coredns', 'addon-version': 'v1' }, place)).toBe(
      'aws eks update-addon --region eu-central-1 --cluster-name gitlab --addon-name coredns --addon-version v1',
    );
  });

  it('describes the cluster by its name, as the command wants it', () => {
    expect(eksCommand('describe-cluster', {}, place)).toBe(
      'aws eks describe-cluster --region eu-central-1 --name gitlab',
    );
  });
});

describe('an update', () => {
  it.each([
    ['VersionUpdate', undefined, 'the cluster', ''],
    ['AddonUpdate', 'coredns', 'add-on coredns', ' --addon-name coredns'],
    ['VersionUpdate', 'blue', 'node group blue', ' --nodegroup-name blue'],
    ['ConfigUpdate', 'blue', 'node group blue', ' --nodegroup-name blue'],
  ])('of type %s about %s is one of %s', (type, about, subject, option) => {
    const update = { id: 'u-1', type, about };
    expect(subjectOfUpdate(update)).toBe(subject);
    expect(describeUpdate(update, place)).toBe(
      `aws eks describe-update --region eu-central-1 --name gitlab --update-id u-1${option}`,
    );
  });
});
