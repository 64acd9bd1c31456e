import { describe, expect, it } from 'vitest';
import { countRequests, readCalls } from '../../../functions/upgrade/deprecations/api-calls.ts';
import { buildInsight, CHECK_TIME } from '../../support/upgrade-facts.ts';

const STEP = { from: '1.36', to: '1.37' };

const read = (usage: string, stopServing = '1.37', lastRequest?: string) =>
  readCalls(
    [
      buildInsight({
        version: '1.37',
        deprecations: [
          {
            usage,
            stopServing,
            replacedWith: '',
            clients: [
              {
                userAgent: 'curl/8',
                requests30Days: 1,
                ...(lastRequest === undefined ? {} : { lastRequest }),
              },
            ],
          },
        ],
      }),
    ],
    STEP,
    CHECK_TIME,
  );

describe('calls that EKS saw', () => {
  it.each([
    ['/apis/policy/v1beta1/podsecuritypolicies', 'policy', 'v1beta1', 'podsecuritypolicies'],
    ['apis/apps/v1beta2/deployments', 'apps', 'v1beta2', 'deployments'],
    ['/apis/extensions/v1beta1/namespaces/shop/ingresses/web', 'extensions', 'v1beta1', 'ingresses'],
    ['/api/v1/endpoints', '', 'v1', 'endpoints'],
  ])('of %s are of group %o, %s %s', (usage, group, version, resource) => {
    expect(read(usage)).toMatchObject([{ group, version, resource }]);
  });

  it.each(['', '/healthz', 'policy/v1beta1'])('of %o are of no API', (usage) => {
    expect(read(usage)).toEqual([]);
  });

  it.each([
    ['1.36', 'already-removed'],
    ['1.37', 'removed'],
    ['v1.37.0', 'removed'],
    ['1.38', 'deprecated'],
    // Not said, so that the version of the insight counts.
    ['', 'removed'],
  ])('of what stops in %o are %s at the step to 1.37', (stopServing, standing) => {
    expect(read('/apis/policy/v1beta1/podsecuritypolicies', stopServing)).toMatchObject([{ standing }]);
  });

  it.each([
    ['2026-11-14T12:00:00.000Z', false],
    ['2026-11-14T11:59:59.000Z', true],
    [undefined, false],
  ])('of last at %s are stale: %s', (lastRequest, isStale) => {
    expect(read('/apis/policy/v1beta1/podsecuritypolicies', '1.37', lastRequest)).toMatchObject([
      { isStale },
    ]);
  });
});

describe('requests that the API server counted', () => {
  it('are added up by resource', () => {
    const one = { group: 'policy', version: 'v1beta1', resource: 'pdbs', removedRelease: '1.25' };
    expect(
      countRequests([
        { ...one, subresource: '', requests: 2 },
        { ...one, subresource: 'status', requests: 3 },
        { ...one, resource: 'psps', subresource: '', requests: 0 },
      ]),
    ).toEqual([{ group: 'policy', version: 'v1beta1', resource: 'pdbs', requests: 5 }]);
  });
});
