import { beforeEach, describe, expect, it } from 'vitest';
import { openAwsAccount } from '../../../functions/clients/aws-account/open-aws-account.ts';
import { useAccountEndpoints } from '../../support/account-endpoints.ts';
import { writeSet } from '../../support/aws-query-endpoint.ts';
import { newRegion } from '../../support/new-region.ts';

const { query, json } = useAccountEndpoints();

interface Machine {
  readonly type: string;
  readonly cores?: number;
  readonly threads?: number;
  readonly lifecycle?: string;
  readonly tenancy?: string;
}

const instance = ({ type, cores = 2, threads = 2, lifecycle, tenancy = 'default' }: Machine): string =>
  `<instanceType>${type}</instanceType><placement><tenancy>${tenancy}</tenancy></placement>` +
  `<cpuOptions><coreCount>${cores}</coreCount><threadsPerCore>${threads}</threadsPerCore></cpuOptions>` +
  (lifecycle === undefined ? '' : `<instanceLifecycle>${lifecycle}</instanceLifecycle>`);

/** Each machine in a reservation and on a page of its own. */
const run = (machines: readonly Machine[]): void =>
  query().answer('DescribeInstances', (parameters) => {
    const place = Number(parameters.get('NextToken') ?? 0);
    const machine = machines[place];
    const reservations = machine ? [writeSet('instancesSet', [instance(machine)])] : [];
    const next = place + 1 < machines.length ? String(place + 1) : undefined;
    return { xml: writeSet('reservationSet', reservations, next) };
  });

const volume = (kind: string, gib: number): string => `<volumeType>${kind}</volumeType><size>${gib}</size>`;

beforeEach(() => {
  run([]);
  query().answer('DescribeVolumes', () => ({ xml: writeSet('volumeSet', []) }));
  json().answerWith(() => ({ body: { Quota: { Value: 64 } } }));
});

const read = () => openAwsAccount(newRegion()).readQuotas();
const vcpus = async (machines: readonly Machine[]) => {
  run(machines);
  return (await read())[0]?.used;
};

describe('running standard vCPUs', () => {
  it.each(
    [
      ['a1', 'c7gn', 'd3en', 'h1', 'i4i', 'im4gn', 'is4gen', 'm7i', 'r8g', 't3a', 'z1d'].map(
        (family) => [family, 4] as const,
      ),
      ['f1', 'g6', 'gr6', 'hpc7g', 'inf2', 'dl1', 'p5', 'trn1', 'u-6tb1', 'vt1', 'x2idn', 'mac2', ''].map(
        (family) => [family, 0] as const,
      ),
    ].flat(),
  )('of %s count %i of 4', async (family, expected) => {
    expect(await vcpus([{ type: `${family}.xlarge` }])).toBe(expected);
  });

  it.each([
    ['spot', { type: 'm7i.xlarge', lifecycle: 'spot' }],
    ['a capacity block', { type: 'm7i.xlarge', lifecycle: 'capacity-block' }],
    ['on a dedicated host', { type: 'm7i.xlarge', tenancy: 'host' }],
  ])('do not count when the instance is %s', async (_, machine) => {
    expect(await vcpus([machine])).toBe(0);
  });

  it('are summed over all pages, of what runs or begins to', async () => {
    const machines = [
      { type: 'm7i.2xlarge', cores: 4 },
      { type: 'g6.xlarge' },
      { type: 't3.micro', cores: 1 },
      { type: 'c7g.4xlarge', cores: 16, threads: 1 },
    ];
    expect(await vcpus(machines)).toBe(8 + 2 + 16);
    const asked = query().calls.findLast((call) => call.get('Action') === 'DescribeInstances');
    expect([...(asked ?? [])]).toEqual(
      expect.arrayContaining([
        ['Filter.1.Name', 'instance-state-name'],
        ['Filter.1.Value.1', 'pending'],
        ['Filter.1.Value.2', 'running'],
      ]),
    );
  });
});

it('storage counts in TiB by kind of volume', async () => {
  const volumes = [volume('gp2', 512), volume('gp3', 2_048), volume('gp3', 1_024), volume('io2', 9_999)];
  query().answer('DescribeVolumes', () => ({ xml: writeSet('volumeSet', volumes) }));
  expect(await read()).toEqual([
    expect.objectContaining({ code: 'L-1216C47A', used: 0, limit: 64, unit: 'vCPU' }),
    expect.objectContaining({ code: 'L-D18FCD1D', used: 0.5, limit: 64, unit: 'TiB' }),
    expect.objectContaining({ code: 'L-7A658B76', used: 3, limit: 64, unit: 'TiB' }),
  ]);
});

describe('a limit', () => {
  it('is asked for by service and code', async () => {
    await read();
    expect(
      json()
        .calls.slice(-3)
        .map(({ input }) => input),
    ).toEqual(
      expect.arrayContaining([
        { ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' },
        { ServiceCode: 'ebs', QuotaCode: 'L-D18FCD1D' },
        { ServiceCode: 'ebs', QuotaCode: 'L-7A658B76' },
      ]),
    );
  });

  it('that was never touched is the default of AWS', async () => {
    json().answerWith(({ target }) =>
      target.endsWith('.GetServiceQuota')
        ? { status: 400, body: { __type: 'NoSuchResourceException' } }
        : { body: { Quota: { Value: 5 } } },
    );
    expect((await read()).map(({ limit }) => limit)).toEqual([5, 5, 5]);
  });

  it('that AWS does not know at all is refused by its name', async () => {
    json().answerWith(() => ({ status: 400, body: { __type: 'NoSuchResourceException' } }));
    await expect(read()).rejects.toMatchObject({
      code: 'aws.missing',
      message: expect.stringContaining('L-'),
    });
  });

  it('that may not be read names the right', async () => {
    json().answerWith(() => ({ status: 400, body: { __type: 'AccessDeniedException' } }));
    await expect(read()).rejects.toMatchObject({ permission: 'servicequotas:GetServiceQuota' });
  });
});
