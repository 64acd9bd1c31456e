import { EKSClient } from '@aws-sdk/client-eks';
import { AWS_SETTINGS, perRegion } from '../aws-clients.ts';

/** EKS of a region. */
export const useEks = perRegion((region) => new EKSClient({ ...AWS_SETTINGS, region }));
