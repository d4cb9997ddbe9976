-- ?1 to ?23: an account's head, as it is from now on.
INSERT INTO account_heads (
    account_id, customer_id, name, external_id, archived,
    kpi_row_id, kpi_fact_id, kpis_change_id, kpis_upload_id, event_id, snapshot_id, content_id,
    kpi_values_change_id, profile_id, profile_upload_id, health_id, health_month, health_row_id, health_upload_id,
    playbook_row_id, playbooks_upload_id, note_row_id, notes_upload_id
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
ON CONFLICT (account_id) DO UPDATE SET
    name = excluded.name,
    external_id = excluded.external_id,
    archived = excluded.archived,
    kpi_row_id = excluded.kpi_row_id,
    kpi_fact_id = excluded.kpi_fact_id,
    kpis_change_id = excluded.kpis_change_id,
    kpis_upload_id = excluded.kpis_upload_id,
    event_id = excluded.event_id,
    snapshot_id = excluded.snapshot_id,
    content_id = excluded.content_id,
    kpi_values_change_id = excluded.kpi_values_change_id,
    profile_id = excluded.profile_id,
    profile_upload_id = excluded.profile_upload_id,
    health_id = excluded.health_id,
    health_month = excluded.health_month,
    health_row_id = excluded.health_row_id,
    health_upload_id = excluded.health_upload_id,
    playbook_row_id = excluded.playbook_row_id,
    playbooks_upload_id = excluded.playbooks_upload_id,
    note_row_id = excluded.note_row_id,
    notes_upload_id = excluded.notes_upload_id
