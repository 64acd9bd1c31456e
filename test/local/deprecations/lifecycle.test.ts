import { describe, expect, it } from 'vitest';
import {
  guessResource,
  readGroup,
  readLifecycles,
  readServing,
} from '../../../infra/local/deprecations/lifecycle.ts';

const version = (type: string, what: string, minor: number): string =>
  `func (in *${type}) APILifecycle${what}() (major, minor int) {\n\treturn 1, ${minor}\n}\n`;

const REPLACEMENT = `func (in *Cake) APILifecycleReplacement() schema.GroupVersionKind {
\treturn schema.GroupVersionKind{Group: "bakery.k8s.io", Version: "v1", Kind: "Cake"}
}
`;

describe('reading the generated lifecycles', () => {
  it('gives the releases and the replacement of each type', () => {
    const source = [
      'package v1beta1\n',
      version('Cake', 'Introduced', 20),
      version('Cake', 'Deprecated', 23),
      REPLACEMENT,
      version('Cake', 'Removed', 26),
      version('Plate', 'Introduced', 21),
    ].join('\n');
    expect(Object.fromEntries(readLifecycles(source))).toEqual({
      Cake: {
        introduced: '1.20',
        deprecated: '1.23',
        removed: '1.26',
        replacement: { group: 'bakery.k8s.io', version: 'v1', kind: 'Cake' },
      },
      Plate: { introduced: '1.21' },
    });
  });

  it('refuses a file with a method that it cannot read', () => {
    const odd = 'func (in *Cake) APILifecycleRemoved() (major, minor int) { return one(), 26 }\n';
    expect(() => readLifecycles(version('Cake', 'Introduced', 20) + odd)).toThrow(
      'only 1 of 2 APILifecycle methods could be read',
    );
  });
});

describe('reading how types are served', () => {
  const types = readServing(`package v1
// +genclient
// +genclient:nonNamespaced
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object

// Oven bakes.
type Oven struct {
\tName string
}

// Tray has no client.
type Tray struct {
}

// +genclient
// +genclient:onlyVerbs=create
type Review struct {
}

// +genclient
// +genclient:noVerbs
type Scale struct {
}

// +genclient
// +genclient:onlyVerbs=get,list
type Cake struct {
}
`);

  it.each([
    ['Oven', { listable: true, clusterScoped: true }],
    ['Tray', undefined],
    ['Review', { listable: false, clusterScoped: false }],
    ['Scale', { listable: false, clusterScoped: false }],
    ['Cake', { listable: true, clusterScoped: false }],
  ])('%s', (type, serving) => {
    expect(types.get(type)).toEqual(serving);
  });
});

describe('names', () => {
  it.each([
    ['Deployment', 'deployments'],
    ['Ingress', 'ingresses'],
    ['NetworkPolicy', 'networkpolicies'],
    ['Endpoints', 'endpoints'],
    ['VolumeAttributesClass', 'volumeattributesclasses'],
  ])('the plural of %s is %s', (kind, resource) => {
    expect(guessResource(kind)).toBe(resource);
  });

  it('a group is read from register.go, the empty one of the core too', () => {
    expect(readGroup('// GroupName is\nconst GroupName = "policy"\n')).toBe('policy');
    expect(readGroup('const GroupName = ""\n')).toBe('');
    expect(readGroup('package v1')).toBeUndefined();
  });
});
