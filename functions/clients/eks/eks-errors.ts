import { type DrydockError, isDrydockError, RefusedError } from '../../runtime/errors.ts';
import { explainAwsError } from '../aws-errors.ts';
import { judgeAwsFailure, textOf } from '../aws-failure.ts';

/** What was asked of EKS, for the message of an error. */
export interface EksQuestion {
  /** Name of the operation: `ListInsights`. */
  readonly operation: string;
  readonly cluster?: string | undefined;
  /** What in the cluster it is about: `add-on vpc-cni`; absent for the cluster itself. */
  readonly about?: string | undefined;
  readonly region: string;
}

/**
 * Turns what the SDK threw at a call to EKS into one of our errors, all named `eks.`.
 *
 * Source of the names: EKS API reference, "Errors" of each operation and "Common Errors".
 */
export const explainEksError = (error: unknown, question: EksQuestion): DrydockError => {
  const { operation, cluster, region } = question;
  if (!isDrydockError(error) && cluster !== undefined && isClusterMissing(error, question)) {
    const message = `EKS cluster ${cluster} in ${region} does not exist; see aws eks list-clusters --region ${region}`;
    return new RefusedError('eks.cluster-missing', message, { cause: error });
  }
  const where = locate(question);
  return explainAwsError(error, { scope: 'eks', service: 'EKS', action: `eks:${operation}`, where });
};

/** Only EKS's own sentence tells a cluster that is missing from something missing in it. */
const isClusterMissing = (error: unknown, { about }: EksQuestion): boolean =>
  judgeAwsFailure(error) === 'missing' && (about === undefined || /^no cluster found/i.test(textOf(error)));

const locate = ({ cluster, about, region }: EksQuestion): string => {
  const place = cluster === undefined ? `EKS in ${region}` : `EKS cluster ${cluster} in ${region}`;
  return about === undefined ? place : `${about} of ${place}`;
};
