import type { ReactElement } from "react";
import { Empty, Failure, SkeletonRows } from "../elements/states.tsx";
import { Page } from "../navigation/page.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { NewProject } from "./new-project.tsx";
import { ProjectRow } from "./project-row.tsx";
import { useProjects } from "./projects.ts";

export function ProjectsPage(): ReactElement {
  const { id, name } = useOrganisation();
  const { data, error, mutate } = useProjects(id);
  const projects = data?.projects;
  return (
    <Page title="Projects" of={name} description="Active projects count against the limit, archived ones do not.">
      <NewProject onCreated={mutate} />
      <section className="card" data-flush="true" aria-label="Projects">
        {projects === undefined && !error && <SkeletonRows rows={4} label="Loading projects" />}
        {projects === undefined && error ? (
          <Failure title="The projects could not be loaded" error={error} onRetry={() => void mutate()} />
        ) : null}
        {projects?.length === 0 && (
          <Empty icon="projects" title="No projects yet">
            <p>Name the first one above.</p>
          </Empty>
        )}
        {projects !== undefined && projects.length > 0 && (
          <ul className="list">
            {projects.map((project) => (
              <ProjectRow key={project.id} project={project} onChanged={mutate} />
            ))}
          </ul>
        )}
      </section>
    </Page>
  );
}
