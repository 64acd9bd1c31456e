import { expect, test } from 'vitest';
import { normalisePod } from '../../functions/clients/kubernetes-pods.ts';

const ended = (reason: string, message: string) => {
  const terminated = { exitCode: 1, reason, message };
  const { containers } = normalisePod({
    spec: { containers: [{ name: 'web', image: 'web' }] },
    status: {
      containerStatuses: [
        {
          name: 'web',
          image: 'web',
          imageID: '',
          ready: false,
          restartCount: 2,
          state: { terminated },
          lastState: { terminated },
        },
      ],
    },
  });
  return [containers[0]?.state.message, containers[0]?.last?.message];
};

test.each(['Error', 'Completed', 'OOMKilled', ''])(
  'what an application left as its last words stays behind, since it may be its log (%s)',
  (reason) => {
    expect(ended(reason, 'connecting with password=canary-4711')).toEqual(['', '']);
  },
);

test.each(['StartError', 'ContainerCannotRun', 'ContainerStatusUnknown'])(
  'what the runtime says of a container is kept (%s)',
  (reason) => {
    const message = 'exec: "/web": no such file or directory';
    expect(ended(reason, message)).toEqual([message, message]);
  },
);
