import type { Answer } from "../../api/client.ts";
import { Table } from "../../components/tables/table.tsx";
import { date } from "../../texts/dates.ts";
import { SchoolLink } from "./parts.tsx";

type Unreachable = Answer<"GET /v1/overview">["unreachable_addresses"]["items"][number];

const WHY: Readonly<Record<string, string>> = {
  bounced: "Le message est revenu : le serveur l’a refusé",
  complained: "La personne a signalé un message comme indésirable",
};

/** Addresses that schools use and that take no mail, with what to do about them. */
export function UnreachableAddresses({ of }: { of: readonly Unreachable[] }) {
  return (
    <>
      <p>Demandez une autre adresse à l’établissement, puis enregistrez-la sur sa fiche&nbsp;: la ligne disparaît alors d’ici.</p>
      <Table
        caption="Adresses qui ne reçoivent plus nos messages, la plus ancienne d’abord"
        quiet
        rows={of}
        keyOf={(each) => `${each.school} ${each.address}`}
        columns={[
          { head: "Adresse", cell: (each) => <span class="breakable">{each.address}</span>, names: true },
          { head: "Établissement", cell: (each) => <SchoolLink uai={each.school} /> },
          { head: "Depuis le", cell: (each) => date(each.since) },
          { head: "Pourquoi", cell: (each) => WHY[each.state] ?? "" },
        ]}
      />
    </>
  );
}
