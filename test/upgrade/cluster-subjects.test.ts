import { describe, expect, it } from 'vitest';
import { Configuration } from '../../functions/records/configuration.ts';
import { findSubject, listSubjects } from '../../functions/upgrade/cluster-subjects.ts';

const configure = (upgrade: object | undefined, environments: Record<string, string>) =>
  Configuration.parse({
    version: 1,
    sites: { main: { account: '111122223333', region: 'eu-central-1' } },
    environments: Object.fromEntries(
      Object.entries(environments).map(([name, cluster]) => [name, { cluster: { name: cluster } }]),
    ),
    ...(upgrade && { upgrade: { environments: upgrade } }),
  });

describe('listSubjects', () => {
  it('a cluster with two environments is there once, with both', () => {
    const found = listSubjects(configure({}, { blue: 'shop', green: 'shop', other: 'lab' }));
    expect(found).toMatchObject([
      { cluster: 'shop', region: 'eu-central-1', environments: ['blue', 'green'] },
      { cluster: 'lab', environments: ['other'] },
    ]);
  });

  it('a cluster that the section does not name has the defaults', () => {
    expect(listSubjects(configure({}, { blue: 'shop' }))[0]?.settings).toMatchObject({
      owner: 'external',
      helmNamespaces: [],
    });
  });

  it('of environments that share a cluster the first that is named decides', () => {
    const settings = {
      green: { owner: 'drydock', target: '1.37' },
      blue: { owner: 'drydock', target: '1.36' },
    };
    const [subject] = listSubjects(configure(settings, { blue: 'shop', green: 'shop' }));
    expect(subject?.settings).toMatchObject({ owner: 'drydock', target: '1.36' });
  });

  it.each([
    [['shop'], ['web'], ['shop', 'web']],
    [['shop'], ['shop'], ['shop']],
    [['shop'], 'all', 'all'],
    [[], [], []],
  ])('Helm releases of %j and of %j: those of %j', (blue, green, expected) => {
    const settings = { blue: { helmNamespaces: blue }, green: { helmNamespaces: green } };
    const [subject] = listSubjects(configure(settings, { blue: 'shop', green: 'shop' }));
    expect(subject?.settings.helmNamespaces).toEqual(expected);
  });
});

describe('findSubject', () => {
  const subjects = listSubjects(configure({}, { shop: 'lab', blue: 'shop' }));
  it.each([
    ['the name of a cluster', 'lab', 'lab'],
    ['the name of an environment', 'blue', 'shop'],
    ['a name that is both: the cluster', 'shop', 'shop'],
    ['a name that is neither', 'mars', undefined],
  ])('%s', (_, name, expected) => {
    expect(findSubject(subjects, name)?.cluster).toBe(expected);
  });
});
