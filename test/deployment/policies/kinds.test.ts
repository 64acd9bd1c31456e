import { describe, expect, it } from 'vitest';
import { pickTag } from '../../../functions/deployment/tag-policy.ts';
import { TagPolicy } from '../../../functions/records/tag-policy.ts';

/** Policy without its type, running tag, tags, pick. */
type Row = [policy: object, current: string | undefined, tags: string, pick: string | undefined];

const pick = (type: string, [policy, current, tags]: Row): string | undefined =>
  pickTag(TagPolicy.parse({ type, ...policy }), current, tags.split(' ').filter(Boolean)).tag;

describe('semver', () => {
  it.each<Row>([
    [{ range: '~1.2' }, '1.2.8', '1.2.9 1.3.0', '1.2.9'],
    [{ range: '1.0.x' }, undefined, '1.0.0 1.0.0.1 1.0.0p 1.0.1 1.2.0 0.1.0', '1.0.1'],
    [{ range: '^1.0' }, undefined, '0.9 1.0 1.0.1 1.10.2 1.9.9 2.0.3', '1.10.2'],
    [{ range: '*' }, undefined, '1.0.0 2.0.0-rc.1', '1.0.0'],
    [{ range: '*-0' }, undefined, '1.0.0 2.0.0-rc.1', '2.0.0-rc.1'],
    [{ range: '^1.0-0' }, undefined, '1.0.0 1.1.0-rc.2 1.1.0-rc.10', '1.1.0-rc.10'],
    [{ range: '^1.0-0' }, undefined, '1.1.0-rc.10 1.1.0', '1.1.0'],
    [{ range: '>=1.0' }, undefined, '1.2.0 3050 20240101-abc 1234567', '1.2.0'],
    [{ range: '>=2024.01.01' }, undefined, '2024.01.05 2024.10.01 2024.9.1', '2024.10.01'],
    [{ range: '>=1.0' }, undefined, '1.2 1.2.0 v1.2.0', 'v1.2.0'],
    [{ range: '>=1.0' }, undefined, 'latest main b1.2.3', undefined],
    [{ range: '>=1.0' }, 'latest', '1.2.0', '1.2.0'],
    [{ range: '>=1.0' }, '1.2.0', '1.2.0 1.1.0', '1.2.0'],
    [{ range: '^1.0' }, '2.0.0', '1.9.0 2.0.0', undefined],
    [{ range: '^1.0', allowDowngrade: true }, '2.0.0', '1.9.0 2.0.0', '1.9.0'],
    [
      { range: '>=0.x', filter: { pattern: '^test-(.*)$', extract: '$1' } },
      undefined,
      'test-0.1.0 test-0.1.1 dev-0.2.0 1.0.2',
      'test-0.1.1',
    ],
    [{ range: '>=1.0', filter: { exclude: String.raw`^2\.0\.0$` } }, undefined, '1.0.0 2.0.0', '1.0.0'],
  ])('policy %j, running %s, picks from %s: %s', (...row) => {
    expect(pick('semver', row)).toBe(row[3]);
  });
});

describe('level', () => {
  it.each<Row>([
    [{ level: 'patch' }, '1.4.5', '1.4.6 1.5.0 2.0.0', '1.4.6'],
    [{ level: 'patch' }, '1.4', '1.4.1 1.5.6', '1.4.1'],
    [{ level: 'minor' }, '2.5', '1.3 2.5 2.7 3.8', '2.7'],
    [{ level: 'major' }, '1.3', '1.3 2.5 2.7 3.8', '3.8'],
    [{ level: 'all' }, '1.6.0-alpha', '1.3.0-dev 1.5.0 1.8.0-alpha', '1.8.0-alpha'],
    [{ level: 'all' }, '1.4.5', '3050', undefined],
    [{ level: 'major' }, '1.1.0', '1.3.0-dev 1.5.0 1.8.0-alpha', '1.5.0'],
    [{ level: 'major' }, '1.2.0-dev', '1.3.0-dev 1.5.0 1.8.0-alpha', '1.3.0-dev'],
    [{ level: 'patch' }, '1.4.5-alpine', '1.4.6 1.4.6-alpine 1.4.7-slim', '1.4.6-alpine'],
    [{ level: 'patch', prerelease: 'any' }, '1.4.5-xx', '1.4.5-yy', '1.4.5-yy'],
    [{ level: 'major', prerelease: 'any' }, '1.4.5', '1.4.6-rc.1', '1.4.6-rc.1'],
    [{ level: 'all' }, '1.4.5', '1.4.6-rc.1', '1.4.6-rc.1'],
    [{ level: 'minor' }, '1.4.5', '1.4.4', undefined],
    [{ level: 'minor', allowDowngrade: true }, '1.4.5', '1.4.4 0.9.0', '1.4.4'],
    [{ level: 'patch' }, 'latest', '1.4.4 2.0.0 3.0.0-rc.1 main', '2.0.0'],
    [{ level: 'all' }, 'latest', '2.0.0 3.0.0-rc.1', '3.0.0-rc.1'],
    [{ level: 'patch' }, undefined, '1.4.4 2.0.0', '2.0.0'],
    [{ level: 'all' }, 'main', '1.4.4 2.0.0', undefined],
    [{ level: 'minor' }, 'v1.4.5', '1.5.0 v1.5.0', 'v1.5.0'],
    [
      { level: 'minor', filter: { pattern: '^api-(.+)$', extract: '$1' } },
      'api-1.0.0',
      'api-1.2.0 1.3.0 api-2.0.0',
      'api-1.2.0',
    ],
  ])('policy %j, running %s, picks from %s: %s', (...row) => {
    expect(pick('level', row)).toBe(row[3]);
  });
});

describe('alphabetical', () => {
  it.each<Row>([
    [{}, undefined, 'xenial yakkety zesty artful', 'zesty'],
    [{ order: 'desc' }, undefined, 'xenial yakkety zesty artful', 'artful'],
    [{}, undefined, '10 9', '9'],
    [{}, undefined, 'a B', 'a'],
    [{}, undefined, '1.0 1.0-rc1', '1.0-rc1'],
    [{}, 'b', 'a', undefined],
    [{}, 'b', 'a c', 'c'],
    [{ order: 'desc' }, 'b', 'a c', 'a'],
    [{ allowDowngrade: true }, 'b', 'a', 'a'],
    [{ filter: { pattern: '^[a-z]+-([0-9]+)$', extract: '$1' } }, undefined, 'a-1 z-1 b-0', 'z-1'],
    [
      { order: 'desc', filter: { pattern: '^[a-z]+-([0-9]+)$', extract: '$1' } },
      undefined,
      'a-1 b-0 z-0',
      'z-0',
    ],
  ])('policy %j, running %s, picks from %s: %s', (...row) => {
    expect(pick('alphabetical', row)).toBe(row[3]);
  });
});

describe('numerical', () => {
  it.each<Row>([
    [{}, undefined, '9 10 2', '10'],
    [{ order: 'desc' }, undefined, '9 10 2', '2'],
    [{}, undefined, '20240102030405678 20240102030405679 main', '20240102030405679'],
    [{}, undefined, '1.5 1.45', '1.5'],
    [{}, undefined, '07 7 7.0', '7.0'],
    [{ order: 'desc' }, undefined, '07 7 7.0', '7.0'],
    [{}, undefined, 'main v1 1e9', undefined],
    [{}, '10', '9', undefined],
    [{}, 'latest', '9', '9'],
    [{ filter: { pattern: '^t(-?[0-9]+)$', extract: '${1}' } }, undefined, 't-5 t-10', 't-5'],
  ])('policy %j, running %s, picks from %s: %s', (...row) => {
    expect(pick('numerical', row)).toBe(row[3]);
  });
});

describe('regex', () => {
  it.each<Row>([
    [
      { pattern: '^build-.*-(?P<at>.+)$', extract: '$at' },
      '1.0.0',
      '1.3.0-dev build-2a-1694132169 build-1a-1696801785 build-3a-1695801785',
      'build-1a-1696801785',
    ],
    [
      { pattern: '^build-.*-(?P<at>.+)$', extract: '$at', order: 'desc' },
      undefined,
      'build-2a-2 build-1a-3',
      'build-2a-2',
    ],
    [{ pattern: 'rel' }, undefined, 'my-rel-1 rel-0 other', 'rel-0'],
    [{ pattern: '^rel' }, undefined, 'my-rel-1', undefined],
    [{ pattern: '-([0-9]+)$', extract: '$1' }, 'a-5', 'b-4 c-5 d-3', 'c-5'],
    [{ pattern: '-([0-9]+)$', extract: '$1' }, 'a-5', 'b-4', undefined],
    [
      { pattern: '^([0-9]+)-', extract: '$1', filter: { pattern: '^rc-(.+)$', extract: '$1' } },
      undefined,
      'rc-1-a rc-2-b 3-c',
      'rc-2-b',
    ],
  ])('policy %j, running %s, picks from %s: %s', (...row) => {
    expect(pick('regex', row)).toBe(row[3]);
  });
});

describe('glob', () => {
  it.each<Row>([
    [{ pattern: 'latest.*' }, 'latest.20241321', 'latest.20251321', 'latest.20251321'],
    [{ pattern: 'latest.*' }, 'latest.20251321', 'latest.20241321', undefined],
    [{ pattern: 'latest' }, 'latest', 'earliest', undefined],
    [{ pattern: 'main-*' }, undefined, 'main-1 my-main-2 main', 'main-1'],
    [{ pattern: 'main-*' }, undefined, 'main-', 'main-'],
    [{ pattern: 'v?.?' }, undefined, 'v1.2 v1x2 v1.22', 'v1.2'],
    [{ pattern: '*-*' }, undefined, 'a-b ab', 'a-b'],
    [{ pattern: 'main-*', order: 'desc' }, undefined, 'main-1 main-2', 'main-1'],
  ])('policy %j, running %s, picks from %s: %s', (...row) => {
    expect(pick('glob', row)).toBe(row[3]);
  });
});

describe('digest', () => {
  it.each<Row>([
    [{ tag: 'main' }, undefined, 'main dev zz', 'main'],
    [{ tag: 'main' }, 'main', 'main', 'main'],
    [{ tag: 'main' }, 'zz', 'main', 'main'],
    [{ tag: 'main' }, 'main', 'main2 Main', undefined],
  ])('policy %j, running %s, picks from %s: %s', (...row) => {
    expect(pick('digest', row)).toBe(row[3]);
  });
});
