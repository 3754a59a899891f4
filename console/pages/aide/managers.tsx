import { call } from "../../api/client.ts";
import { Loaded, useResource } from "../../components/reading/loading.tsx";
import { french } from "../../texts/typography.ts";

/** Whom a sender asks at their own school. */
export function Managers() {
  const found = useResource((signal) => call("GET /v1/managers", { signal }));
  return (
    <Loaded of={found} what="Lecture des gestionnaires SMS…">
      {(managers) => (
        <>
          <p>{french("Les gestionnaires SMS de votre établissement : ")}</p>
          <ul>
            {managers.map((manager) => (
              <li key={manager.email}>
                {manager.name}, <a href={`mailto:${manager.email}`}>{manager.email}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </Loaded>
  );
}
