import { describe, expect, it } from 'vitest';
import { judgeArtifact } from '../../functions/deployment/artifact-kind.ts';
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
