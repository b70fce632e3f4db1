/** Whether a program drives this page: it says itself what is to be computed. */
export const isAutomated = (): boolean => new URLSearchParams(location.search).has('automation');
