/**
 * Everything a person can do, as functions. The screens and the headless runner call these and nothing deeper.
 * None of them throws: failures go to activityStore.failures (or searchStore.error).
 */
import type { EngineChoice, IndexKind, Role } from '../types.ts';
import type { StoragePart, Theme } from './settings.ts';

const missing = (): never => {
  throw new Error('This action is not connected yet.');
};

/** Reads what is stored; called once at start. */
export const start: () => Promise<void> = missing;

// Data ---------------------------------------------------------------------------------------------------------------
/** A drop: folders, files or zips. Must be called inside the drop event, since the items die with it. */
export const addDropped: (items: DataTransferItemList) => Promise<void> = missing;
/** Files of a picker (folder picker: webkitRelativePath is used) or zips. */
export const addFiles: (files: readonly File[]) => Promise<void> = missing;
/** The browser's own folder picker where there is one (its handle is kept); false where there is none. */
export const pickFolder: () => Promise<boolean> = missing;
export const assignRole: (folder: string, role: Role) => Promise<void> = missing;
export const addGroundTruth: (file: File) => Promise<void> = missing;
/** Saves the current data set's problems as a CSV file. */
export const downloadProblems: () => void = missing;
export const continueReading: () => Promise<void> = missing;
/** Asks the browser for permission to read the kept folder again. */
export const unlockFiles: () => Promise<void> = missing;
export const switchDataset: (id: string) => Promise<void> = missing;
export const renameDataset: (id: string, name: string) => Promise<void> = missing;
export const deleteDataset: (id: string) => Promise<void> = missing;

// Models -------------------------------------------------------------------------------------------------------------
export const tickModel: (weightsId: string, ticked: boolean) => void = missing;
/** Downloads what the ticked models lack, embeds what is not embedded, builds indexes, computes scores. */
export const embed: () => Promise<void> = missing;
export const downloadWeights: (weightsId: string) => Promise<void> = missing;
/** A dropped model.safetensors, with its config.json where it was dropped too. */
export const importWeights: (files: readonly File[]) => Promise<void> = missing;
export const removeWeights: (weightsId: string) => Promise<void> = missing;

// Search -------------------------------------------------------------------------------------------------------------
export const chooseModel: (weightsId: string) => Promise<void> = missing;
export const setK: (k: number) => Promise<void> = missing;
export const setIndex: (kind: IndexKind) => Promise<void> = missing;
export const setEfSearch: (efSearch: number) => Promise<void> = missing;
/** Searches with a file from outside the data set (dropped, pasted, picked). */
export const searchFile: (file: File) => Promise<void> = missing;
/** Searches with an image of the data set or an earlier query, by its hash. */
export const searchHash: (hash: string) => Promise<void> = missing;
export const clearQuery: () => void = missing;

// Pictures -----------------------------------------------------------------------------------------------------------
/** Object URL of a stored thumbnail, null where there is none. Release it with releaseUrl. */
export const thumbnailUrl: (hash: string) => Promise<string | null> = missing;
/** Object URL of the original where it can be read, else of the thumbnail, else null. */
export const pictureUrl: (hash: string) => Promise<string | null> = missing;
export const releaseUrl: (url: string) => void = missing;

// Settings -----------------------------------------------------------------------------------------------------------
export const setTheme: (theme: Theme) => void = missing;
export const setEngine: (engine: EngineChoice) => Promise<void> = missing;
export const setWorkers: (workers: number | null) => Promise<void> = missing;
export const refreshStorage: () => Promise<void> = missing;
export const requestPersistence: () => Promise<void> = missing;
export const deleteStored: (part: StoragePart['id'] | 'everything') => Promise<void> = missing;
/** Versions, adapter, limits, last errors; no file names. */
export const diagnostics: () => Promise<string> = missing;
