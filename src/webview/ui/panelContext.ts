import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Panel } from '../models/panel';

export const PanelContext = createContext<Panel | undefined>(undefined);

/** The panel's model, for components below `App`. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error('No panel here. Render the component below App.');
  return panel;
}
