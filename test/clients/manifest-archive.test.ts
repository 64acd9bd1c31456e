import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { isArchive, isManifest, unpackManifests } from '../../functions/clients/manifest-archive.ts';

const makeTar = async (files: Readonly<Record<string, string>>): Promise<Buffer> => {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const CHART = {
  'web/templates/deployment.yaml': 'kind: Deployment',
  'web/values.json': '{}',
  'web/README.md': 'read me',
};

describe('unpackManifests', () => {
  it('a file is what it is', async () => {
    expect(await unpackManifests('web.yaml', Buffer.from('kind: Ingress # é'))).toEqual([
      { name: 'web.yaml', text: 'kind: Ingress # é' },
    ]);
  });

  it.each([
    ['UTF-8 with a mark', [0xef, 0xbb, 0xbf], 'utf8', false],
    ['UTF-16, as PowerShell writes files', [0xff, 0xfe], 'utf16le', false],
    ['UTF-16, the other way round', [0xfe, 0xff], 'utf16le', true],
  ] as const)('a file in %s is read', async (_, mark, encoding, isSwapped) => {
    const text = Buffer.from('kind: Ingress', encoding);
    const bytes = Buffer.concat([Buffer.from(mark), isSwapped ? text.swap16() : text]);
    expect(await unpackManifests('web.yaml', bytes)).toEqual([{ name: 'web.yaml', text: 'kind: Ingress' }]);
  });

  it.each([
    ['tar', (bytes: Buffer) => bytes],
    ['tgz', (bytes: Buffer) => gzipSync(bytes)],
    ['tar.gz', (bytes: Buffer) => gzipSync(bytes)],
    ['tar that is compressed all the same', (bytes: Buffer) => gzipSync(bytes)],
  ])('of a %s the manifests are read, by a name that finds them, and nothing else', async (kind, make) => {
    const name = `chart.${kind.split(' ')[0]}`;
    expect(await unpackManifests(name, make(await makeTar(CHART)))).toEqual([
      { name: `${name}/web/templates/deployment.yaml`, text: 'kind: Deployment' },
      { name: `${name}/web/values.json`, text: '{}' },
    ]);
  });

  it('an archive without a manifest is empty', async () => {
    expect(await unpackManifests('a.tar', await makeTar({ 'README.md': 'x' }))).toEqual([]);
  });

  it('a small archive that unpacks to a lot is refused before it fills the memory', async () => {
    const bytes = gzipSync(await makeTar({ 'bomb.yaml': 'a'.repeat(2 * 1024 * 1024) }));
    expect(bytes.length).toBeLessThan(10_000);
    await expect(unpackManifests('bomb.tgz', bytes, 1024 * 1024)).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'manifest.too-large',
      message: 'bomb.tgz unpacks to more than 1 MB; split it into several.',
    });
  });

  it.each([
    ['text', Buffer.from('kind: Deployment'.repeat(100))],
    ['a compressed text', gzipSync('kind: Deployment'.repeat(100))],
  ])('%s under the name of an archive is refused', async (_, bytes) => {
    await expect(unpackManifests('a.tgz', bytes)).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'manifest.unreadable',
    });
  });

  it('an archive that was cut is refused', async () => {
    const bytes = gzipSync(await makeTar({ 'a.yaml': 'a'.repeat(100_000) }));
    await expect(unpackManifests('a.tgz', bytes.subarray(0, bytes.length - 20))).rejects.toMatchObject({
      code: 'manifest.unreadable',
    });
  });
});

it.each([
  ['a.yaml', true, false],
  ['a/b.YML', true, false],
  ['a.json', true, false],
  ['a.tar', false, true],
  ['a.tgz', false, true],
  ['a.tar.gz', false, true],
  ['a.md', false, false],
  ['yaml', false, false],
])('%s: a manifest %s, an archive %s', (name, manifest, archive) => {
  expect([isManifest(name), isArchive(name)]).toEqual([manifest, archive]);
});
