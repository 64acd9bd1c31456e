import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatImageReference,
  isDigest,
  isRepository,
  isTag,
  parseImageReference,
} from '../../functions/records/image-reference.ts';

const SHA = `sha256:${'ab12'.repeat(16)}`;
const SHA512 = `sha512:${'ab12'.repeat(32)}`;

describe('parseImageReference', () => {
  const accepted: [text: string, name: string, tag?: string | undefined, digest?: string][] = [
    ['registry.example.com/shop/web:1.4.0', 'registry.example.com/shop/web', '1.4.0'],
    ['registry.example.com/shop/web', 'registry.example.com/shop/web'],
    [`registry.example.com/shop/web@${SHA}`, 'registry.example.com/shop/web', undefined, SHA],
    [`registry.example.com/shop/web:1.4.0@${SHA}`, 'registry.example.com/shop/web', '1.4.0', SHA],
    [`registry.example.com/shop/web@${SHA512}`, 'registry.example.com/shop/web', undefined, SHA512],
    ['registry.example.com:5050/web:1', 'registry.example.com:5050/web', '1'],
    ['registry.example.com:5050/web', 'registry.example.com:5050/web'],
    ['Registry.Example.com/web', 'registry.example.com/web'],
    ['127.0.0.1:5000/web:1', '127.0.0.1:5000/web', '1'],
    ['[::1]:5000/web:1', '[::1]:5000/web', '1'],
    ['localhost/web', 'localhost/web'],
    ['LocalHost/web', 'localhost/web'],
    ['nginx', 'docker.io/library/nginx'],
    ['nginx:1.29', 'docker.io/library/nginx', '1.29'],
    ['bitnami/redis:8', 'docker.io/bitnami/redis', '8'],
    ['docker.io/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/nginx:1', 'docker.io/library/nginx', '1'],
    [
      'gitlab.example.com/group/sub-group/app_x/web__y:v1',
      'gitlab.example.com/group/sub-group/app_x/web__y',
      'v1',
    ],
    [`registry.example.com/web:${'t'.repeat(128)}`, 'registry.example.com/web', 't'.repeat(128)],
  ];
  it.each(accepted)('%s is %s', (text, name, tag, digest) => {
    expect(parseImageReference(text)).toEqual({
      name,
      host: name.slice(0, name.indexOf('/')),
      repository: name.slice(name.indexOf('/') + 1),
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    });
  });

  const refused: [why: string, text: string][] = [
    ['nothing', ''],
    ['a URL', 'https://registry.example.com/web'],
    ['upper case in the repository', 'registry.example.com/Web'],
    ['a word in capitals, which in lower case is a directory', 'A/a'],
    ['an empty tag', 'registry.example.com/web:'],
    ['a tag that starts with a dot', 'registry.example.com/web:.1'],
    ['a tag of 129 characters', `registry.example.com/web:${'t'.repeat(129)}`],
    ['a short digest', 'registry.example.com/web@sha256:ab12'],
    ['a digest in upper case', `registry.example.com/web@${SHA.toUpperCase()}`],
    ['an unknown algorithm', `registry.example.com/web@md5:${'a'.repeat(64)}`],
    ['two digests', `registry.example.com/web@${SHA}@${SHA}`],
    ['a path upwards', 'registry.example.com/../web'],
    ['an empty component', 'registry.example.com//web'],
    ['a slash at the end', 'registry.example.com/web/'],
    ['three underscores', 'registry.example.com/web___x'],
    ['a space', 'registry.example.com/my web'],
    ['only a host with a port', 'registry.example.com:5000/'],
    ['the id of an image on a node', 'ab12'.repeat(16)],
    ['a name of 256 characters', `registry.example.com/${'a'.repeat(235)}`],
  ];
  it.each(refused)('%s is no image name', (_, text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const component = fc
    .tuple(word, fc.constantFrom('.', '_', '__', '-', '---'), word)
    .map((parts) => parts.join(''));
  const repository = fc
    .array(fc.oneof(word, component), { minLength: 1, maxLength: 4 })
    .map((p) => p.join('/'));
  const host = fc.constantFrom(
    'registry.example.com',
    'localhost',
    'localhost:5000',
    '[::1]:5000',
    '10.0.0.1:80',
  );
  const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}$/);
  const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
  const reference = fc.record(
    { host, repository, tag, digest },
    { requiredKeys: ['host', 'repository'], noNullPrototype: true },
  );

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(reference, (parts) => {
        const written = { name: `${parts.host}/${parts.repository}`, ...parts };
        expect(parseImageReference(formatImageReference(written))).toEqual(written);
      }),
    );
  });

  it('never throws, and what it reads keeps its meaning when written in full', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `registry.example.com/${text}`),
        ),
        (text) => {
          const read = parseImageReference(text);
          const written = read && formatImageReference(read);
          expect(written && parseImageReference(written)).toEqual(read);
        },
      ),
    );
  });

  it('answers at once for a hostile name of 100,000 characters', () => {
    const hostile = [
      `${'a-'.repeat(50_000)}!`,
      `${'a'.repeat(100_000)}!`,
      'a_'.repeat(50_000),
      '/'.repeat(100_000),
    ];
    for (const text of hostile) expect(parseImageReference(`registry.example.com/${text}`)).toBeUndefined();
  });
});

describe('the parts of a name', () => {
  it.each([
    ['repository', isRepository, 'shop/web', 'shop/../web'],
    ['tag', isTag, 'v1.0_x-y', 'v1 0'],
    ['digest', isDigest, SHA, `${SHA}0`],
  ] as const)('a %s is told from what is none', (_, judge, right, wrong) => {
    expect([judge(right), judge(wrong)]).toEqual([true, false]);
  });
});
