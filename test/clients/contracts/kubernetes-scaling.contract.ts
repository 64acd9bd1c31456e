import { describe, expect, test, vi } from 'vitest';
import type { KubernetesScaling } from '../../../functions/clients/kubernetes-scaling.ts';

/** What whoever scales relies on, of the real client and of the fake. */

export interface ScalingPlace {
  readonly scaling: KubernetesScaling;
  readonly namespace: string;
  /** Makes a Deployment `web` of two replicas, and a CronJob `clean-up` that is awake. */
  make(): Promise<void>;
}

export const describeKubernetesScaling = (name: string, open: () => Promise<ScalingPlace>): void => {
  describe(`scaling by ${name}`, () => {
    const read = async ({ scaling, namespace }: ScalingPlace) => {
      const web = (await scaling.listWorkloads(namespace)).find((one) => one.name === 'web');
      if (!web) throw new Error('there is no web');
      return web;
    };
    const settles = (place: ScalingPlace, wanted: object) =>
      vi.waitFor(async () => expect(await read(place)).toMatchObject(wanted), {
        timeout: 30_000,
        interval: 100,
      });

    test('goes to 0 and back, as often as it is asked for, and not to another object of that name', async () => {
      const place = await open();
      await place.make();
      await settles(place, { replicas: 2, pods: 2, isSettled: true });
      const web = await read(place);
      for (const replicas of [0, 0, 2]) {
        expect(await place.scaling.scale(web, replicas)).toBe('changed');
        await settles(place, { replicas, pods: replicas, isSettled: true });
      }
      expect(await place.scaling.scale({ ...web, uid: 'another' }, 0)).toBe('gone');
      expect(await place.scaling.scale({ ...web, name: 'nobody' }, 0)).toBe('gone');
      expect((await read(place)).replicas).toBe(2);
    });

    test('restarts for a cause, and says for which', async () => {
      const place = await open();
      await place.make();
      const web = await read(place);
      expect(web.restartedFor).toBeUndefined();
      for (const cause of ['one', 'one', 'two']) {
        expect(await place.scaling.restart(web, cause)).toBe('changed');
        await settles(place, { restartedFor: cause, isSettled: true });
      }
      expect(await place.scaling.restart({ ...web, uid: 'another' }, 'three')).toBe('gone');
    });

    test('suspends a schedule and wakes it', async () => {
      const place = await open();
      await place.make();
      const [job] = await place.scaling.listCronJobs(place.namespace);
      if (!job) throw new Error('there is no CronJob');
      for (const suspended of [true, true, false]) {
        expect(await place.scaling.suspendCronJob(job, suspended)).toBe('changed');
        expect(await place.scaling.listCronJobs(place.namespace)).toMatchObject([{ suspended }]);
      }
      expect(await place.scaling.suspendCronJob({ ...job, uid: 'another' }, true)).toBe('gone');
    });
  });
};
