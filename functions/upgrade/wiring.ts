import { readConfiguration } from '../runtime/configuration.ts';
import { type ClusterSubject, listSubjects } from './cluster-subjects.ts';

/** The clusters of the site, as drydock.yaml names them. */
export const readSubjects = (): ClusterSubject[] => listSubjects(readConfiguration());
