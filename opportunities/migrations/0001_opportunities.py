import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0002_opportunities'),
        ('members', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('format', models.CharField(choices=[('auto', 'Find out by itself'), ('sedia', 'EU Funding & Tenders, search page'), ('topics', 'EU Funding & Tenders, topic lines'), ('ted-search', 'TED, search page'), ('eforms', 'TED, eForms notice'), ('ted-standard', 'TED, standard form'), ('een-pod-v6', 'Enterprise Europe Network, POD v6'), ('een-pod', 'Enterprise Europe Network, POD'), ('rss', 'RSS or Atom'), ('ical', 'Calendar (iCal)'), ('csv', 'Table (CSV or XLSX)')], default='auto', max_length=12, verbose_name='format')),
                ('url', models.URLField(blank=True, max_length=1000, verbose_name='address')),
                ('schedule', models.CharField(choices=[('hourly', 'every hour'), ('daily', 'every day'), ('weekly', 'every week')], default='daily', max_length=6, verbose_name='read it')),
                ('mapping', models.JSONField(blank=True, default=dict, help_text='Which column of a table means what.')),
                ('etag', models.CharField(blank=True, max_length=300)),
                ('last_modified', models.CharField(blank=True, max_length=100)),
                ('next_fetch_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='FilterRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Stopped')], default='queued', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('cursor', models.JSONField(default=dict, help_text='Where to go on after an interruption.')),
                ('claim_token', models.UUIDField(editable=False, null=True)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('stop_asked', models.BooleanField(default=False)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('as_of', models.DateField(help_text='The day that deadlines are counted from.')),
                ('is_full', models.BooleanField(default=False)),
                ('opportunities', models.JSONField(default=dict)),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('status__in', ['queued', 'running'])), name='one_filter_run_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='FilterShard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Stopped')], default='queued', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('cursor', models.JSONField(default=dict, help_text='Where to go on after an interruption.')),
                ('claim_token', models.UUIDField(editable=False, null=True)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('stop_asked', models.BooleanField(default=False)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('organisation_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shards', to='opportunities.filterrun')),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Stopped')], default='queued', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('cursor', models.JSONField(default=dict, help_text='Where to go on after an interruption.')),
                ('claim_token', models.UUIDField(editable=False, null=True)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('stop_asked', models.BooleanField(default=False)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('format', models.CharField(choices=[('auto', 'Find out by itself'), ('sedia', 'EU Funding & Tenders, search page'), ('topics', 'EU Funding & Tenders, topic lines'), ('ted-search', 'TED, search page'), ('eforms', 'TED, eForms notice'), ('ted-standard', 'TED, standard form'), ('een-pod-v6', 'Enterprise Europe Network, POD v6'), ('een-pod', 'Enterprise Europe Network, POD'), ('rss', 'RSS or Atom'), ('ical', 'Calendar (iCal)'), ('csv', 'Table (CSV or XLSX)')], max_length=12)),
                ('file', models.FileField(upload_to='imports/%Y/%m/')),
                ('file_name', models.CharField(max_length=255)),
                ('created', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='opportunities.source')),
            ],
            options={
                'indexes': [models.Index(fields=['source', '-id'], name='import_by_source')],
            },
        ),
        migrations.CreateModel(
            name='MatchState',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='match_state', serialize=False, to='members.organisation')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='opportunities.filterrun')),
            ],
        ),
        migrations.CreateModel(
            name='ScoreModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('engine', models.CharField(help_text='The version of the engine that reads it.', max_length=40)),
                ('payload', models.BinaryField()),
                ('documents', models.PositiveIntegerField(help_text='How many opportunities it was fitted on.')),
                ('is_current', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('is_current',), name='one_current_model')],
            },
        ),
        migrations.AddField(
            model_name='filterrun',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='opportunities.scoremodel'),
        ),
        migrations.CreateModel(
            name='Opportunity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.SlugField(help_text="Its public name, made from the source's own id.", max_length=120, unique=True)),
                ('kind', models.CharField(choices=[('partnering', 'Partnering requests'), ('tender', 'Tenders'), ('funding', 'Funding'), ('event', 'Events and missions')], max_length=10)),
                ('partnering_type', models.CharField(blank=True, choices=[('BO', 'Business offer'), ('BR', 'Business request'), ('TO', 'Technology offer'), ('TR', 'Technology request'), ('RDR', 'Research and development request')], max_length=3)),
                ('title', models.CharField(max_length=1000)),
                ('summary', models.TextField(blank=True)),
                ('description', models.TextField(blank=True)),
                ('organisation', models.CharField(blank=True, help_text='Buyer, host or publisher.', max_length=300)),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None)),
                ('target_countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None)),
                ('target_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('target_sizes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), default=list, size=None)),
                ('codes', models.JSONField(default=list, help_text='scheme, code and label of each')),
                ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('deadlines', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('deadline', models.DateTimeField(help_text='The next one.', null=True)),
                ('closes_at', models.DateTimeField(help_text='After this there is nothing left to answer.', null=True)),
                ('opens_on', models.DateField(null=True)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('published_on', models.DateField(help_text='By the source.', null=True)),
                ('budget_min', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('budget_max', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('budget_total', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('url', models.URLField(blank=True, max_length=1000)),
                ('language', models.CharField(blank=True, max_length=2)),
                ('stage', models.CharField(blank=True, max_length=40)),
                ('source_status', models.CharField(blank=True, max_length=20)),
                ('details', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('content_hash', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('inbox', 'In the inbox'), ('published', 'Published'), ('dismissed', 'Dismissed')], default='inbox', max_length=10)),
                ('note', models.TextField(blank=True, max_length=600, verbose_name='note to members')),
                ('note_at', models.DateTimeField(null=True)),
                ('effort_hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hours it takes')),
                ('curated_at', models.DateTimeField(null=True)),
                ('fits', models.PositiveIntegerField(help_text='How many members it is worth the time of.', null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('summary', 'organisation', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector('description', config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('curated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to='opportunities.source')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='opportunity_search'), models.Index(fields=['status', 'deadline', 'id'], name='opportunity_by_deadline'), models.Index(fields=['status', '-created_at', 'id'], name='opportunity_by_arrival'), models.Index(fields=['status', 'closes_at'], name='opportunity_closing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('budget_min', None), ('budget_max', None), ('budget_min__lte', models.F('budget_max')), _connector='OR'), name='opportunity_budget_in_order')],
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=300)),
                ('raw', models.TextField()),
                ('content_hash', models.CharField(max_length=64)),
                ('first_seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('import_run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='opportunities.importrun')),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='opportunities.opportunity')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='opportunities.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='one_record_of_a_source')],
            },
        ),
        migrations.CreateModel(
            name='MatchList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signature', models.CharField(help_text='Of the profile and the answers that it was made from.', max_length=64)),
                ('floor', models.BigIntegerField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_lists', to='members.organisation')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lists', to='opportunities.filterrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'organisation'), name='one_list_a_run')],
            },
        ),
        migrations.CreateModel(
            name='OpportunityVector',
            fields=[
                ('opportunity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='vector', serialize=False, to='opportunities.opportunity')),
                ('content_hash', models.CharField(max_length=64)),
                ('payload', models.BinaryField()),
                ('listed', models.CharField(blank=True, help_text="The state in which the members' lists have it; empty when they have not.", max_length=160)),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='opportunities.scoremodel')),
            ],
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField(help_text='The score, and then the lower id: one total order.')),
                ('reasons', models.JSONField(default=list)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='members.organisation')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='opportunities.filterrun')),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='opportunities.opportunity')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'run', '-key'], name='match_best_first')],
                'constraints': [models.UniqueConstraint(fields=('run', 'organisation', 'opportunity'), name='one_match_of_a_run')],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'Opened'), ('saved', 'Saved'), ('interested', 'Interested'), ('not_for_us', 'Not for us'), ('handed_over', 'Handed over')], max_length=11)),
                ('reason', models.CharField(blank=True, choices=[('topic', 'Not our topic'), ('place', 'Wrong place'), ('timing', 'Wrong time'), ('size', 'Too big or too small'), ('other', 'Another reason')], max_length=6)),
                ('sentence', models.TextField(blank=True, max_length=600, verbose_name='a sentence for the cluster team')),
                ('rank_shown', models.PositiveSmallIntegerField(help_text='Where in the feed it stood when answered.', null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='members.organisation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='opportunities.opportunity')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', '-at'], name='feedback_by_kind')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'opportunity', 'kind'), name='one_answer_of_a_kind'), models.UniqueConstraint(condition=models.Q(('kind__in', ['interested', 'not_for_us'])), fields=('organisation', 'opportunity'), name='interested_or_not')],
            },
        ),
        migrations.CreateModel(
            name='RefusedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.CharField(max_length=120)),
                ('reason', models.TextField()),
                ('raw', models.TextField(blank=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('import_run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='opportunities.importrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('import_run', 'position'), name='one_refusal_a_position')],
            },
        ),
    ]
