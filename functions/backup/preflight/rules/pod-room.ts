import { definePreflightRule, notChecked, pass, refuse, warn } from '../preflight-rule.ts';

/** A pod that fits nowhere waits until the deadline; finished pods of other Jobs fill a quota. Charts merge request 3747. */
export const podRoom = definePreflightRule({
  code: 'pod-room',
  title: 'There is room for the pod of the backup',
  ifUnknown: 'go-on',
  concerns: 'job',
  fact: ({ room }) => room,
  learn: 'Give the role of the backup the right to list ResourceQuotas and pods in the namespace of GitLab.',
  judge: (room, { probe }) => {
    if (room.length === 0) {
      return probe.known
        ? [pass('No quota limits the namespace, and a pod of the same size found a node just now.')]
        : [notChecked('Nothing says how much room there is.', 'Look at nodes and quotas.')];
    }
    const short = room.filter(({ free, needed }) => free < needed);
    if (short.length === 0) return [pass('There is room for the pod.')];
    return short.map(({ resource, free, needed, limitedBy, grows }) => {
      const message = `The pod needs ${needed} of ${resource}; ${Math.max(0, free)} left, by ${limitedBy}.`;
      return grows
        ? warn(`${message} It waits until there are more.`, 'See that nodes are added, and how fast.')
        : refuse(message, 'Delete pods that have ended, or raise the quota.');
    });
  },
});
