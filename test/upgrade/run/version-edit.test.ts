import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editVersion } from '../../../functions/upgrade/run/version-edit.ts';
import { counterexample } from '../../support/counterexample.ts';

const TERRAFORM = 'cluster_version = "{version}"';

describe('the version in a file', () => {
  it.each<[string, string, string, string]>([
    [
      'Terraform',
      TERRAFORM,
      'a = 1\n  cluster_version = "1.35" # EKS\nb = 2\n',
      'a = 1\n  cluster_version = "1.36" # EKS\nb = 2\n',
    ],
    ['eksctl', 'version: "{version}"', 'metadata:\n  version: "1.35"\n', 'metadata:\n  version: "1.36"\n'],
    [
      'CDK',
      'KubernetesVersion.of("{version}")',
      'x(KubernetesVersion.of("1.35"))',
      'x(KubernetesVersion.of("1.36"))',
    ],
    ['lines of Windows', TERRAFORM, 'cluster_version = "1.35"\r\n', 'cluster_version = "1.36"\r\n'],
    ['a version of two digits more', 'v={version}', 'v=1.9', 'v=1.36'],
  ])('of %s is changed, and nothing else', (_, line, before, after) => {
    expect(editVersion(before, line, '1.36')).toEqual({ ok: true, text: after, isThere: false });
  });

  it('that is there already is left', () => {
    const text = 'cluster_version = "1.36"';
    expect(editVersion(text, TERRAFORM, '1.36')).toEqual({ ok: true, text, isThere: true });
  });

  it.each<[string, string, RegExp]>([
    [
      'is not there',
      'cluster_version = var.version',
      /no line of the file reads cluster_version = "\{version\}"/,
    ],
    ['is written twice', 'cluster_version = "1.35"\n\ncluster_version = "1.34"', /lines 1 and 3 both read/],
    ['is another one', 'cluster_version = "1.35-eks"', /no line/],
  ])('that %s is refused', (_, text, reason) => {
    expect(editVersion(text, TERRAFORM, '1.36')).toMatchObject({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });

  it('changes at most the version, whatever the file holds', () => {
    const holds = fc.property(fc.array(fc.string()), fc.nat(), (lines, at) => {
      const place = lines.length === 0 ? 0 : at % (lines.length + 1);
      const text = [...lines.slice(0, place), 'cluster_version = "1.35"', ...lines.slice(place)].join('\n');
      const edited = editVersion(text, TERRAFORM, '1.36');
      return (
        !edited.ok || edited.text === text.replace('cluster_version = "1.35"', 'cluster_version = "1.36"')
      );
    });
    expect(counterexample(holds)).toBeUndefined();
  });
});
