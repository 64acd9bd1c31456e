import { describe, expect, it } from 'vitest';
import { isCompanionTag, judgeArtifact } from '../../functions/deployment/artifact-kind.ts';
import type { ArtifactKind } from '../../functions/records/manifest.ts';

describe('judgeArtifact', () => {
  it.each<[string, ArtifactKind, string[]]>([
    ['an image', 'image', []],
    ['an index with an image', 'index', ['linux/amd64']],
  ])('%s can be deployed', (_, kind, platforms) => {
    expect(judgeArtifact({ kind, platforms })).toEqual({ ok: true });
  });

  it.each<[string, ArtifactKind, RegExp]>([
    ['an index of attestations only', 'index', /without any image/],
    ['a Helm chart', 'chart', /Helm chart/],
    ['a signature', 'signature', /signature/],
    ['an attestation', 'attestation', /attestation/],
    ['a schema 1 image', 'schema1', /build and push it anew/],
    ['anything else', 'other', /another kind \(application\/vnd\.cncf\.flux\.config\.v1\+json\)/],
  ])('%s cannot, and the reason says what it is', (_, kind, reason) => {
    const declaredType = 'application/vnd.cncf.flux.config.v1+json';
    const verdict = judgeArtifact({ kind, platforms: [], declaredType });
    expect(verdict).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});

describe('isCompanionTag', () => {
  const hex = 'ab'.repeat(32);
  it.each([
    [`sha256-${hex}.sig`, true],
    [`sha256-${hex}.att`, true],
    [`sha256-${hex}.sbom`, true],
    [`sha256-${hex}`, true],
    [`sha512-${hex}${hex}.sig`, true],
    ['1.4.0', false],
    ['sha256-abc.sig', false],
    [`x-sha256-${hex}`, false],
    [hex, false],
  ])('%s: %s', (tag, expected) => {
    expect(isCompanionTag(tag)).toBe(expected);
  });
});
