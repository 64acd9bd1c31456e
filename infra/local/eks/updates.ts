import { type Operation, openCluster } from './account.ts';
import { type Call, EksException, queryPage } from './answer.ts';
import { type EksUpdate, isAbout, type UpdateSubject } from './update-log.ts';

/**
 * ListUpdates, DescribeUpdate and CancelUpdate:
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeUpdate.html
 *
 * An update of an add-on or a node group is found only by who names that too. The order of ListUpdates is not
 * documented, so here it is none. Only the rollback of an EKS Auto Mode cluster may be cancelled, and only while its
 * nodes move; it is `Cancelling` until the nodes are back.
 */
export const UPDATE_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListUpdates',
    method: 'GET',
    path: '/clusters/{}/updates',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      const ids = cluster.updates.filter((update) => isAbout(update, readSubject(call))).map(({ id }) => id);
      const { shown, nextToken } = queryPage(ids.toSorted(), call, account.pageSize);
      return { updateIds: shown, nextToken };
    },
  },
  {
    name: 'DescribeUpdate',
    method: 'GET',
    path: '/clusters/{}/updates/{}',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      return { update: describeUpdate(findUpdate(cluster.updates, call, readSubject(call))) };
    },
  },
  {
    name: 'CancelUpdate',
    method: 'POST',
    path: '/clusters/{}/updates/{}/cancel-update',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      const update = findUpdate(cluster.updates, call, {});
      // A repeat of a cancellation is the same one.
      if (update.cancellation) return { update: describeUpdate(update) };
      if (update.isOver || update.nodesUntil === undefined || account.now() >= update.nodesUntil) {
        throw new EksException(
          'InvalidRequestException',
          `Update ${update.id} cannot be cancelled: only a rollback whose Auto Mode nodes are still moving can.`,
        );
      }
      const back = new Date(account.now().getTime() + account.updateSeconds * 1_000);
      const cancelled: EksUpdate = {
        ...update,
        endsAt: back,
        status: 'Cancelling',
        cancellation: { status: 'InProgress', reason: 'Nodes return to the version of the cluster.' },
        finish: async () => [],
      };
      cluster.updates.splice(cluster.updates.indexOf(update), 1, cancelled);
      return { update: describeUpdate(cancelled) };
    },
  },
];

/** An update as DescribeUpdate shows it. */
export const describeUpdate = (update: EksUpdate): Readonly<Record<string, unknown>> => {
  const { id, type, params, createdAt, errors, cancellation } = update;
  if (!cancellation) return { id, status: update.status, type, params, createdAt, errors };
  const status = update.isOver ? 'Cancelled' : update.status;
  const outcome = { ...cancellation, status: update.isOver ? 'Successful' : cancellation.status };
  return { id, status, type, params, createdAt, errors, cancellation: outcome };
};

const readSubject = ({ query }: Call): UpdateSubject => {
  const [nodegroupName, addonName] = [query.get('nodegroupName'), query.get('addonName')];
  return {
    ...(nodegroupName === null ? {} : { nodegroupName }),
    ...(addonName === null ? {} : { addonName }),
  };
};

const findUpdate = (updates: readonly EksUpdate[], call: Call, subject: UpdateSubject): EksUpdate => {
  const id = call.path[1] ?? '';
  const update = updates.find((each) => each.id === id && isAbout(each, subject));
  if (!update) throw new EksException('ResourceNotFoundException', `No update found for ID: ${id}.`);
  return update;
};
